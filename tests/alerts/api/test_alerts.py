from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alerts.lifecycle import acknowledge, resolve
from alerts.models import Alert
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.alerts.making import make_alert, probe
from tests.conftest import api_client
from tests.factories import STAFF, default_page, make_key

ALERTS = "/api/v1/alerts"
Post = Callable[..., Any]


def test_an_alert_is_raised_once_a_key(post: Post) -> None:
    answer = post(ALERTS, summary="Disk is full", severity="critical", dedup_key="disk-7")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["status"], body["severity"], body["dedup_key"]) == (
        "triggered",
        "critical",
        "disk-7",
    )
    assert [line["kind"] for line in body["timeline"]] == ["triggered"]
    again = post(ALERTS, summary="Disk is full", dedup_key="disk-7")
    assert (again.status_code, again.json()) == (200, body)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"summary": ""}, 422),
        ({"summary": "x", "severity": "fatal"}, 400),
        ({"summary": "x", "monitor_id": "01JD0000000000000000000000"}, 422),
        ({"summary": "x", "url": "javascript:alert(1)"}, 422),
    ],
)
def test_a_bad_alert_is_refused_with_a_sentence(post: Post, body: Any, status: int) -> None:
    answer = post(ALERTS, **body)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert not Alert.objects.exists()


def test_all_are_listed_unless_a_status_is_asked_for(api: Client) -> None:
    first, second = make_alert("First", monitor=probe()), make_alert("Second")
    resolve(first, by=STAFF)
    listed = api.get(ALERTS).json()
    assert [row["id"] for row in listed["data"]] == [second.pk, first.pk]
    for query, found in {
        "status=all": [second.pk, first.pk],
        "status=open": [second.pk],
        "status=triggered": [second.pk],
        "status=resolved": [first.pk],
        f"monitor_id={probe().pk}": [first.pk],
    }.items():
        rows = api.get(f"{ALERTS}?{query}").json()["data"]
        assert [row["id"] for row in rows] == found, query
    assert api.get(f"{ALERTS}?status=gone").status_code == 400


def test_a_list_costs_the_same_for_many(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_alert(f"Number {number}")
    with django_assert_num_queries(5):
        assert len(api.get(ALERTS).json()["data"]) == 20


def test_it_is_acknowledged_snoozed_noted_and_resolved(post: Post, api: Client) -> None:
    alert = make_alert()
    path = f"{ALERTS}/{alert.pk}"
    snoozed = post(f"{path}/snooze", minutes=30)
    assert snoozed.json()["snoozed_until"]
    assert post(f"{path}/snooze").status_code == 422
    taken = post(f"{path}/acknowledge")
    assert (taken.status_code, taken.json()["status"]) == (200, "acknowledged")
    assert post(f"{path}/notes", text="Restarted it.").status_code == 201
    assert post(f"{path}/resolve").json()["status"] == "resolved"
    assert post(f"{path}/acknowledge").status_code == 409
    timeline = api.get(path).json()["timeline"]
    assert [line["kind"] for line in timeline] == [
        "triggered",
        "snoozed",
        "acknowledged",
        "note",
        "resolved",
    ]


def test_an_incident_is_made_of_it_as_documented(post: Post, api: Client) -> None:
    alert = make_alert(monitor=probe(), severity="critical")
    answer = post(f"{ALERTS}/{alert.pk}/create-incident", status_page_ids=[default_page().pk])
    assert answer.status_code == 201
    body = answer.json()
    assert (body["title"], body["severity"], body["monitor_ids"], body["status_page_ids"]) == (
        alert.summary,
        "major",
        [probe().pk],
        [default_page().pk],
    )
    assert alert.pk in body["updates"][-1]["body"]
    read = api.get(f"{ALERTS}/{alert.pk}").json()
    assert read["incident_id"] == body["id"]
    assert read["timeline"][-1]["incident_id"] == body["id"]
    assert post(f"{ALERTS}/{alert.pk}/create-incident").status_code == 409


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("critical", "major"), ("error", "minor"), ("warning", "minor"), ("info", None)],
)
def test_severities_are_mapped_and_critical_has_to_be_asked_for(
    post: Post, severity: str, expected: str | None
) -> None:
    first, second = make_alert(severity=severity), make_alert(severity=severity)
    made = post(f"{ALERTS}/{first.pk}/create-incident").json()
    assert made["severity"] == expected
    asked = post(f"{ALERTS}/{second.pk}/create-incident", title="Ours", severity="critical").json()
    assert (asked["title"], asked["severity"]) == ("Ours", "critical")


def test_what_may_not_become_an_incident_leaves_none(post: Post) -> None:
    alert = make_alert()
    for body in ({"title": " "}, {"status_page_ids": ["x"]}):
        assert post(f"{ALERTS}/{alert.pk}/create-incident", **body).status_code == 422, body
    long = {"initial_update": {"body": "x" * 20_001}}
    (problem,) = post(f"{ALERTS}/{alert.pk}/create-incident", **long).json()["errors"]
    assert problem["field"] == "initial_update.body"
    for word in ("maintenance", "huge"):
        refused = post(f"{ALERTS}/{alert.pk}/create-incident", severity=word)
        (problem,) = refused.json()["errors"]
        assert (refused.status_code, problem["field"]) == (400, "severity")
        expected = f"'{word}' is no severity of an incident; it is minor, major, critical, or null."
        assert problem["detail"] == expected
    assert not Incident.objects.exists()


def test_each_door_wants_its_scope(acme: Tenant) -> None:
    alert = make_alert()
    path = f"{ALERTS}/{alert.pk}"
    reader, responder, writer = (
        api_client(make_key(scope)) for scope in ("read", "alerts", "incidents")
    )
    assert reader.get(path).status_code == 200
    assert reader.post(f"{path}/acknowledge").status_code == 403
    assert writer.post(f"{path}/acknowledge").status_code == 403
    assert responder.post(f"{path}/acknowledge").status_code == 200
    assert responder.post(f"{path}/create-incident", {}).status_code == 403
    made = writer.post(f"{path}/create-incident", {}, content_type="application/json")
    assert made.status_code == 201


def test_a_stranger_finds_nothing(globex: Tenant, api: Client) -> None:
    with in_tenant("globex"):
        foreign = make_alert()
        acknowledge(foreign, by=STAFF)
    assert api.get(f"{ALERTS}/{foreign.pk}").status_code == 404
    assert api.post(f"{ALERTS}/{foreign.pk}/resolve").status_code == 404
    assert api.get(ALERTS).json()["data"] == []
