from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.changes import record_change
from incidents.models import AuditEntry, SystemChange
from monitors.models import Service
from tests.conftest import api_client
from tests.factories import STAFF, component, make_incident, make_key

CHANGES = "/api/v1/changes"
Post = Callable[..., Any]


def test_a_summary_suffices(post: Post) -> None:
    answer = post(CHANGES, summary="Checkout 2026.11.3")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["summary"], body["kind"], body["version"]) == (
        "Checkout 2026.11.3",
        "deployment",
        "",
    )
    assert body["service_id"] is None


def test_everything_that_may_be_said(post: Post, api: Client) -> None:
    service = Service.objects.get()
    happened_at = (timezone.now() - timedelta(hours=3)).replace(microsecond=0)
    elsewhere = happened_at.astimezone(ZoneInfo("Asia/Kolkata"))
    body = post(
        CHANGES,
        kind="configuration",
        summary="Time limit of the search raised to 4 s",
        version="r812",
        url="https://ci.example.com/builds/4711",
        by="Dana",
        service="platform",
        components=["Web app", component().id],
        happened_at=elsewhere.isoformat(),
    ).json()
    assert (body["service_id"], body["happened_at"]) == (
        service.id,
        happened_at.isoformat().replace("+00:00", "Z"),
    )
    assert body["component_ids"] == sorted([component().id, component("Web app").id])
    assert api.get(f"{CHANGES}/{body['id']}").json() == body
    assert SystemChange.objects.get().by_kind == "key"


def test_the_words_of_build_systems_are_taken(post: Post) -> None:
    now = timezone.now()
    body = post(
        CHANGES,
        title="API",
        type="Deploy",
        revision=4711,
        author="Dana",
        timestamp=int(now.timestamp() * 1000),
        url=None,
    ).json()
    assert (body["summary"], body["kind"], body["version"], body["by"]) == (
        "API",
        "deployment",
        "4711",
        "Dana",
    )
    read = datetime.fromisoformat(body["happened_at"])
    assert abs((read - now).total_seconds()) < 20


def test_a_form_is_as_good_as_json(api: Client) -> None:
    now = int(timezone.now().timestamp())
    answer = api.post(
        CHANGES,
        f"summary=Release+%22a%22+%26+b&components=API&components=Payments&timestamp={now}",
        content_type="application/x-www-form-urlencoded",
        headers={"Idempotency-Key": "build-42"},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["summary"] == 'Release "a" & b'
    assert len(answer.json()["component_ids"]) == 2
    assert SystemChange.objects.get().happened_at == datetime.fromtimestamp(now, UTC)


def test_the_same_build_reports_once(api: Client) -> None:
    answers = [
        api.post(
            CHANGES,
            {"summary": "API"},
            content_type="application/json",
            headers={"Idempotency-Key": "build-42"},
        )
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert SystemChange.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "summary"),
        ({"summary": ""}, 422, "summary"),
        ({"summary": 7}, 400, "summary"),
        ({"summary": "a", "kind": "party"}, 422, "kind"),
        ({"summary": "a", "url": "javascript:alert(1)"}, 422, "url"),
        ({"summary": "a", "version": 1.5}, 400, "version"),
        ({"summary": "a", "service": "Nothing"}, 422, "service"),
        ({"summary": "a", "service": "a\0b"}, 400, "service"),
        ({"summary": "a", "component_ids": ["01JD0000000000000000000000"]}, 422, "component_ids"),
        ({"summary": "a", "components": ["x"] * 51}, 400, "components"),
        ({"summary": "a", "happened_at": "yesterday"}, 400, "happened_at"),
        ({"summary": "a", "happened_at": 10**30}, 400, "happened_at"),
        ({"summary": "a", "happened_at": "9" * 5000}, 400, "happened_at"),
        ({"summary": "a", "happened_at": "2099-01-01T00:00:00Z"}, 422, "happened_at"),
        ([1], 400, None),
    ],
)
def test_bad_input(api: Client, body: Any, status: int, field: str | None) -> None:
    answer = api.post(CHANGES, body, content_type="application/json")
    assert answer.status_code == status, answer.content
    assert answer.json()["errors"][0].get("field") == field
    assert not SystemChange.objects.exists()


def test_a_neighbours_service_and_component_are_unknown(post: Post, globex: Tenant) -> None:
    with in_tenant("globex"):
        theirs = {"service_id": Service.objects.get().id, "component_ids": [component().id]}
    for field, value in theirs.items():
        assert post(CHANGES, summary="a", **{field: value}).status_code == 422


def test_the_list_and_what_it_is_narrowed_by(api: Client) -> None:
    record_change("flag", by=STAFF, kind="feature_flag")
    incident = make_incident()
    record_change("after it", by=STAFF)
    listed = [row["summary"] for row in api.get(CHANGES).json()["data"]]
    assert listed == ["after it", "flag"]
    before = api.get(CHANGES, {"incident_id": incident.id}).json()["data"]
    assert [row["summary"] for row in before] == ["flag"]
    assert len(api.get(CHANGES, {"kind": "feature_flag"}).json()["data"]) == 1
    assert api.get(CHANGES, {"kind": "party"}).status_code == 400
    assert api.get(CHANGES, {"incident_id": "x"}).status_code == 400


def test_a_list_costs_the_same_however_long(
    api: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        record_change(f"release {number}", by=STAFF, components=[component()])
    api.get(CHANGES)
    with django_assert_max_num_queries(5):
        assert len(api.get(CHANGES).json()["data"]) == 12


def test_who_may(api: Client) -> None:
    change = record_change("a mistake", by=STAFF)
    reader, writer = api_client(make_key("read")), api_client(make_key("incidents"))
    assert reader.get(CHANGES).status_code == 200
    assert reader.post(CHANGES, {"summary": "a"}).status_code == 403
    assert writer.delete(f"{CHANGES}/{change.id}").status_code == 403
    assert api_client(make_key("subscribers")).get(CHANGES).status_code == 403
    assert api.put(CHANGES, {}).status_code == 405
    assert api.delete(f"{CHANGES}/{change.id}").status_code == 204
    assert api.get(f"{CHANGES}/{change.id}").status_code == 404
    assert AuditEntry.objects.filter(action="change.deleted", by_kind="key").exists()


@pytest.mark.parametrize("word", ["", "null"])
def test_a_form_that_has_no_null_says_so_by_the_word(api: Client, word: str) -> None:
    answer = api.post(
        CHANGES,
        f"summary=Release&happened_at={word}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 201, answer.content
