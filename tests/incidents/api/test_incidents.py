"""/api/v1/incidents: the fields of the documents, refusals as problems."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Incident, Kind, StateInterval
from incidents.transitions import Saying
from monitors.models import Monitor
from tests.conftest import api_client
from tests.factories import STAFF, component, default_page, make_incident, make_key

Post = Callable[..., Any]
URL = "/api/v1/incidents"
OVER = {"title": "API down", "status": "resolved", "started_at": "2026-04-24T17:42:00Z"}


def test_creates_as_documented(post: Post) -> None:
    monitor, page = Monitor.objects.get(), default_page()
    response = post(
        URL,
        title="Checkout latency degradation",
        severity="major",
        status="investigating",
        started_at="2026-04-24T17:42:00Z",
        monitor_ids=[monitor.id],
        status_page_ids=[page.id],
        initial_update={"body": "We are investigating.\nMore soon.", "public": True},
    )
    assert response.status_code == 201, response.content
    incident = response.json()
    assert incident["started_at"] == "2026-04-24T17:42:00Z"
    assert incident["monitor_ids"] == [monitor.id]
    assert incident["status_page_ids"] == [page.id]
    assert incident["resolved_at"] is None
    assert incident["responder_status"] == "triggered"
    assert not incident["auto_created"]
    (update,) = incident["updates"]
    assert update["body"] == "We are investigating.\nMore soon."
    assert update["public"]


def test_without_pages_it_is_internal(post: Post, visitor: Client) -> None:
    post(URL, title="Card payments declined", severity="minor")
    assert b"Card payments declined" not in visitor.get("/").content


def test_severity_may_be_absent_or_null(post: Post) -> None:
    assert post(URL, title="A notice for all").json()["severity"] is None
    assert post(URL, title="Another notice", severity=None).json()["severity"] is None


def test_component_impacts(post: Post) -> None:
    impact = {"component_id": component().id, "state": "degraded"}
    response = post(URL, title="API slow", severity="critical", component_impacts=[impact])
    assert response.json()["component_impacts"] == [impact]


def test_severity_maintenance_is_planned_work_in_progress(post: Post) -> None:
    incident = post(URL, title="Moving the database", severity="maintenance").json()
    assert (incident["kind"], incident["status"]) == ("maintenance", "maintenance")
    resolved = post(f"{URL}/{incident['id']}/updates", status="resolved").json()
    assert resolved["status"] == "resolved"


def test_what_was_over_before_it_was_written_down_ended_when_it_did(post: Post) -> None:
    impact = {"component_id": component().id, "state": "major_outage"}
    ended_at = "2026-04-24T19:12:00Z"
    incident = post(URL, **OVER, resolved_at=ended_at, component_impacts=[impact]).json()
    assert (incident["status"], incident["resolved_at"]) == ("resolved", ended_at)
    assert incident["updates"][0]["created_at"] == ended_at
    down = StateInterval.objects.get(page=None, state="major_outage")
    assert down.ended_at == down.started_at + timedelta(hours=1, minutes=30)
    still_open = post(URL, title="API slow", resolved_at=None).json()
    assert still_open["resolved_at"] is None


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({}, "title", "missing"),
        ({"title": ""}, "title", "A title is empty"),
        ({"title": "x" * 256}, "title", "this one has 256"),
        ({"title": 123}, "title", "in quotation marks"),
        ({"title": "a", "notify": "no"}, "notify", "true or false"),
        ({"title": "a", "severity": "huge"}, "severity", "'huge' is no severity"),
        ({"title": "a", "status": "gone"}, "status", "'gone' is no status"),
        ({"title": "a", "monitor_ids": ["01HXMON"]}, "monitor_ids", "no monitor"),
        ({"title": "a", "service_id": "checkout"}, "service_id", "no service 'checkout'"),
        (
            {"title": "a", "initial_update": {"body": "x" * 20_001}},
            "initial_update.body",
            "at most 20,000 characters",
        ),
        (
            {"title": "a", "component_impacts": [{"component_id": "0" * 26, "state": "degraded"}]},
            "component_impacts",
            "no component",
        ),
        (
            {"title": "a", "component_impacts": [{"component_id": "0" * 26, "state": "red"}]},
            "component_impacts.0.state",
            "'red' is no state",
        ),
        ({"title": "a", "status_page_ids": ["0" * 26]}, "status_page_ids", "no page"),
        ({"title": "a", "started_at": "yesterday"}, "started_at", "with its zone"),
        ({"title": "a", "started_at": "2999-01-01T00:00:00Z"}, "started_at", "future"),
        ({"title": "a", "resolved_at": "2026-04-24T17:42:00Z"}, "resolved_at", "give the status"),
        ({**OVER, "resolved_at": "2999-01-01T00:00:00Z"}, "resolved_at", "in the future"),
        (
            {**OVER, "resolved_at": "2026-04-24T17:41:59Z"},
            "resolved_at",
            "before the one at which it began",
        ),
        ({**OVER, "started_at": "2026-04-24T17:42:00Z", "resolved_at": 5}, "resolved_at", "time"),
    ],
)
def test_bad_input_is_a_sentence_and_leaves_nothing(
    post: Post, body: dict[str, Any], field: str, sentence: str
) -> None:
    response = post(URL, **body)
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"
    (problem,) = response.json()["errors"]
    assert problem["field"] == field
    assert sentence in problem["detail"]
    assert not Incident.objects.exists()


def test_a_body_that_is_no_json_is_a_problem(api: Client) -> None:
    response = api.post(URL, "{", content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_lists_active_ones_unless_asked(api: Client, post: Post) -> None:
    kept, over = make_incident("API slow"), make_incident("Web app slow")
    post(f"{URL}/{over.id}/updates", status="resolved")

    def titles(query: str) -> set[str]:
        return {row["title"] for row in api.get(URL + query).json()["data"]}

    assert titles("") == titles("?status=active") == {kept.title}
    assert titles("?status=resolved") == {over.title}
    assert titles("?status=all") == {kept.title, over.title}
    assert api.get(f"{URL}?status=old").status_code == 400


def test_a_scheduled_maintenance_is_not_active(api: Client) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    planned = open_incident(
        "Database upgrade",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        facts=Facts(scheduled_for=tomorrow, scheduled_until=tomorrow + timedelta(hours=1)),
    )
    assert api.get(URL).json()["data"] == []
    (row,) = api.get(f"{URL}?status=all").json()["data"]
    assert (row["id"], row["status"]) == (planned.id, "maintenance")


def test_pages_are_stable_under_inserts(api: Client) -> None:
    made = [make_incident(f"Incident number {n}").id for n in range(5)]
    first = api.get(f"{URL}?limit=2").json()
    make_incident("A newer one")
    second = api.get(f"{URL}?limit=2&cursor={first['next_cursor']}").json()
    third = api.get(f"{URL}?limit=2&cursor={second['next_cursor']}").json()
    seen = [row["id"] for page in (first, second, third) for row in page["data"]]
    assert seen == made[::-1]
    assert third["next_cursor"] is None


@pytest.mark.parametrize("query", ["cursor=made-up", "limit=0", "limit=201", "limit=many"])
def test_a_made_up_cursor_or_limit_is_refused(api: Client, query: str) -> None:
    response = api.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"]


def test_a_list_costs_the_same_however_long(
    api: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_incident(f"Incident number {number}")
    api.get(URL)  # notes the key's use, once a minute
    with django_assert_max_num_queries(9):
        assert len(api.get(URL).json()["data"]) == 12


def test_patch_changes_title_and_status_together(api: Client) -> None:
    incident = make_incident()
    body = {"title": "API back to speed", "status": "resolved"}
    response = api.patch(f"{URL}/{incident.id}", body, content_type="application/json")
    assert response.status_code == 200, response.content
    assert response.json()["title"] == "API back to speed"
    assert response.json()["resolved_at"]


def test_a_refused_patch_changes_nothing(api: Client) -> None:
    incident = make_incident()
    body = {"title": "Renamed", "status_page_ids": ["0" * 26]}
    response = api.patch(f"{URL}/{incident.id}", body, content_type="application/json")
    assert response.status_code == 422
    incident.refresh_from_db()
    assert incident.title == "API response times degraded"


def test_resolving_twice_answers_409(post: Post) -> None:
    incident = make_incident()
    assert post(f"{URL}/{incident.id}/updates", status="resolved").status_code == 201
    again = post(f"{URL}/{incident.id}/updates", status="resolved")
    assert again.status_code == 409
    assert "resolved already" in again.json()["detail"]


def test_acknowledging_records_who(post: Post) -> None:
    incident = post(f"{URL}/{make_incident().id}/acknowledge").json()
    assert incident["responder_status"] == "acknowledged"
    assert incident["acknowledged_by"]
    assert incident["status"] == "investigating"


def test_editing_an_update_keeps_its_time(api: Client, post: Post) -> None:
    incident = make_incident()
    update = post(f"{URL}/{incident.id}/updates", body="teh cause").json()
    path = f"{URL}/{incident.id}/updates/{update['id']}"
    edited = api.patch(path, {"body": "the cause"}, content_type="application/json").json()
    assert edited["body"] == "the cause"
    assert edited["created_at"] == update["created_at"]
    assert edited["edited_at"]


def test_deleting_wants_its_own_scope(acme: Tenant) -> None:
    incident = make_incident()
    writer = api_client(make_key("incidents"))
    refused = writer.delete(f"{URL}/{incident.id}")
    assert refused.status_code == 403
    assert "incidents.delete" in refused.json()["detail"]
    remover = api_client(make_key("incidents.delete"))
    assert remover.delete(f"{URL}/{incident.id}").status_code == 204
    assert api_client(make_key("read")).get(f"{URL}/{incident.id}").status_code == 404


def test_a_strangers_id_is_404_before_body_and_permission(globex: Tenant, api: Client) -> None:
    with in_tenant("globex"):
        foreign = make_incident("Globex API slow").id
    path = f"{URL}/{foreign}"
    assert api.get(path).status_code == 404
    assert api.patch(path, {"title": ""}, content_type="application/json").status_code == 404
    assert api.delete(path).status_code == 404
    assert api.post(f"{path}/updates", {}, content_type="application/json").status_code == 404


def test_the_timeline_is_listed_newest_first_and_in_pages(api: Client, post: Post) -> None:
    incident = make_incident()
    path = f"{URL}/{incident.id}/updates"
    newest = post(path, body="We are still looking.").json()
    first = api.get(f"{path}?limit=1").json()
    assert [row["id"] for row in first["data"]] == [newest["id"]]
    second = api.get(f"{path}?limit=1&cursor={first['next_cursor']}").json()
    assert [row["status"] for row in second["data"]] == ["investigating"]
    assert second["next_cursor"] is None


def test_a_long_timeline_costs_the_same_as_a_short_one(
    api: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    incident = make_incident()
    for number in range(10):
        post_update(incident, by=alice.actor, saying=Saying(body=f"Still looking, {number}."))
    path = f"{URL}/{incident.id}/updates"
    api.get(path)  # notes the key's use, once a minute
    with django_assert_max_num_queries(6):
        rows = api.get(path).json()["data"]
    assert [row["user_email"] for row in rows[:10]] == [alice.email] * 10
