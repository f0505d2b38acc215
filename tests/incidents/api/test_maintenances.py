"""/api/v1/maintenances: planned once, read, listed, deleted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from monitors.models import Monitor
from tests.conftest import api_client
from tests.factories import component, default_page, make_incident, make_key
from tests.incidents.api.dialects.test_kener import MAINTENANCE as DOCUMENTED
from tests.incidents.planned import DAY, HOUR, clock_strikes, in_a, plan

Post = Callable[..., Any]
URL = "/api/v1/maintenances"


def test_plans_with_its_own_words(post: Post, visitor: Client) -> None:
    monitor, page = Monitor.objects.get(), default_page()
    body = {
        "title": "Database upgrade",
        "scheduled_for": in_a(DAY),
        "scheduled_until": in_a(DAY + HOUR),
        "body": "Writing is not possible for ten minutes.",
        "component_ids": [component("Web app").id],
        "component_impacts": [{"component_id": component().id, "state": "partial_outage"}],
        "monitor_ids": [monitor.id],
        "status_page_ids": [page.id],
        "notice_before_minutes": 120,
    }
    response = post(URL, **body)
    assert response.status_code == 201, response.content
    planned = response.json()
    assert planned["status"] == "scheduled"
    for name in ("title", "scheduled_for", "scheduled_until", "body", "notice_before_minutes"):
        assert planned[name] == body[name], name
    assert planned["monitor_ids"] == [monitor.id]
    assert planned["status_page_ids"] == [page.id]
    assert planned["component_ids"] == sorted([component().id, component("Web app").id])
    states = {i["component_id"]: i["state"] for i in planned["component_impacts"]}
    assert states == {component().id: "partial_outage", component("Web app").id: "maintenance"}
    assert planned["next_step_at"] == planned["scheduled_for"]
    assert planned["started_at"] is planned["completed_at"] is planned["recurrence"] is None
    assert [update["status"] for update in planned["updates"]] == ["scheduled"]
    assert response["Location"] == f"{URL}/{planned['id']}"
    assert response["ETag"]
    assert b"Database upgrade" in visitor.get("/").content


def test_notice_is_a_day_unless_told(post: Post) -> None:
    plain = {"title": "Upgrade", "scheduled_for": in_a(3 * DAY)}
    assert post(URL, **plain).json()["notice_before_minutes"] == 1440
    assert post(URL, **plain, notice_before_minutes=None).json()["notice_before_minutes"] is None


def test_without_pages_it_is_internal_and_without_an_end_open(post: Post, visitor: Client) -> None:
    planned = post(URL, title="New disks", scheduled_for=in_a(DAY)).json()
    assert planned["scheduled_until"] is None
    assert planned["status_page_ids"] == []
    assert b"New disks" not in visitor.get("/").content


def test_the_documented_body_works_verbatim_on_the_default_page(
    api: Client, visitor: Client
) -> None:
    response = api.post(URL, DOCUMENTED, content_type="application/json")
    assert response.status_code == 201, response.content
    planned, sent = response.json(), json.loads(DOCUMENTED)
    assert planned["title"] == sent["title"]
    assert planned["scheduled_for"] == sent["scheduledStart"]
    assert planned["scheduled_until"] == sent["scheduledEnd"]
    assert planned["body"] == sent["message"]
    assert planned["status_page_ids"] == [default_page().id]
    assert visitor.get(f"/maintenance/{planned['id']}").status_code == 200


def test_the_documented_body_may_name_what_is_affected(post: Post) -> None:
    monitor, app = Monitor.objects.get(), component("Web app")
    named = {"component_ids": [app.id], "monitor_ids": [monitor.id]}
    response = post(URL, title="Upgrade", scheduledStart=in_a(DAY), **named)
    assert response.status_code == 201, response.content
    assert app.id in response.json()["component_ids"]
    assert response.json()["monitor_ids"] == [monitor.id]


def test_a_name_that_is_unknown_is_refused_in_either_words(post: Post) -> None:
    response = post(URL, title="Upgrade", scheduledStart=in_a(DAY), componentIds=[])
    assert response.status_code == 400, response.content
    (error,) = response.json()["errors"]
    assert error["field"] == "componentIds"
    assert "component_ids" in error["detail"]
    assert not Incident.objects.exists()


def test_what_is_wrong_is_named_in_the_words_that_were_sent(post: Post) -> None:
    start, end = in_a(DAY), in_a(DAY - HOUR)
    own = post(URL, title="a", scheduled_for=start, scheduled_until=end)
    documented = post(URL, title="a", scheduledStart=start, scheduledEnd=end)
    assert [e["field"] for e in own.json()["errors"]] == ["scheduled_until"]
    assert [e["field"] for e in documented.json()["errors"]] == ["scheduledEnd"]


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"title": ""}, "title", "A title is empty"),
        ({"title": "x" * 256}, "title", "this one has 256"),
        ({"scheduled_for": "soon"}, "scheduled_for", "no time that can be read"),
        ({"scheduled_for": None}, "scheduled_for", "null"),
        ({"scheduled_until": 5}, "scheduled_until", "in quotation marks"),
        ({"component_ids": ["0" * 26]}, "component_ids", "no component"),
        ({"monitor_ids": ["0" * 26]}, "monitor_ids", "no monitor"),
        ({"status_page_ids": ["0" * 26]}, "status_page_ids", "no page"),
        ({"notice_before_minutes": 0}, "notice_before_minutes", "1"),
        ({"notice_before_minutes": 43_201}, "notice_before_minutes", "43200"),
        ({"notice_before_minutes": "60"}, "notice_before_minutes", "whole number"),
        ({"notify": "no"}, "notify", "true or false"),
    ],
)
def test_bad_input_is_a_sentence_and_leaves_nothing(
    post: Post, body: dict[str, Any], field: str, sentence: str
) -> None:
    response = post(URL, **{"title": "Upgrade", "scheduled_for": in_a(DAY), **body})
    assert response.status_code in (400, 422), response.content
    assert response["Content-Type"] == "application/problem+json"
    (problem,) = response.json()["errors"]
    assert problem["field"] == field
    assert sentence in problem["detail"]
    assert not Incident.objects.exists()


def test_the_same_key_plans_once(api: Client) -> None:
    body = {"title": "Upgrade", "scheduled_for": in_a(DAY)}
    answers = [
        api.post(URL, body, content_type="application/json", headers={"idempotency-key": "k1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Incident.objects.count() == 1


def test_the_list_is_narrowed(api: Client) -> None:
    make_incident()
    upcoming, running = plan(), plan(-HOUR / 2, components=[component("Web app")], pages=[])
    done = plan(-3 * HOUR)
    clock_strikes(timezone.now())

    def listed(query: str) -> set[str]:
        response = api.get(f"{URL}?{query}")
        assert response.status_code == 200, response.content
        return {row["id"] for row in response.json()["data"]}

    assert listed("") == {upcoming.id, running.id, done.id}
    assert listed("status=upcoming") == {upcoming.id}
    assert listed("status=active") == {running.id}
    assert listed("status=completed") == {done.id}
    assert listed("status=cancelled") == set()
    assert listed(f"component={component('Web app').id}") == {running.id}
    assert listed(f"page={default_page().id}") == {upcoming.id, done.id}
    first = api.get(f"{URL}?limit=2").json()
    second = api.get(f"{URL}?limit=2&cursor={first['next_cursor']}").json()
    assert len(first["data"]) == 2
    assert len(second["data"]) == 1
    for wrong in ("status=open", "component=api", "colour=red"):
        assert api.get(f"{URL}?{wrong}").status_code == 400


def test_a_long_list_costs_the_same_as_a_short_one(
    api: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        plan(-HOUR / 2)
    api.get(URL)
    with django_assert_max_num_queries(9):
        assert len(api.get(URL).json()["data"]) == 4


def test_wrong_methods_strangers_and_readers(api: Client, globex: Tenant) -> None:
    incident = plan()
    path = f"{URL}/{incident.id}"
    assert api.put(path).status_code == 405
    assert Client(HTTP_HOST="acme.localhost").get(path).status_code == 401
    reader = api_client(make_key("read"))
    assert reader.get(path).status_code == 200
    body = {"title": "x", "scheduled_for": in_a(DAY)}
    assert reader.post(URL, body, content_type="application/json").status_code == 403
    assert reader.patch(path, {}, content_type="application/json").status_code == 403
    writer = api_client(make_key("incidents"))
    assert writer.delete(path).status_code == 403
    assert api.get(f"{URL}/{make_incident().id}").status_code == 404
    with in_tenant("globex"):
        foreign = plan().id
    for method in (api.get, api.patch, api.delete):
        assert method(f"{URL}/{foreign}").status_code == 404
    assert api_client(make_key("incidents.delete")).delete(path).status_code == 204
    assert api.get(path).status_code == 404


def test_incidents_reads_it_in_its_own_words(api: Client, post: Post) -> None:
    incident = plan()
    path = f"/api/v1/incidents/{incident.id}"
    assert api.get(path).json()["status"] == "maintenance"
    refused = post(f"{path}/updates", status="identified")
    assert refused.status_code == 422
    assert "'maintenance' while the work goes on and 'resolved'" in refused.json()["detail"]
    patched = api.patch(path, {"status": "monitoring"}, content_type="application/json")
    assert patched.status_code == 422
    assert "'resolved' when it is done" in patched.json()["detail"]
    assert post(f"{path}/updates", status="maintenance").status_code == 201
    assert post(f"{path}/updates", status="resolved").json()["status"] == "resolved"
    assert api.get(f"{URL}/{incident.id}").json()["status"] == "completed"
