import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Component, Incident, Kind
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident, partner_page

PAGE = {"id", "name", "url", "time_zone", "updated_at"}
COMPONENT = {
    *("id", "name", "status", "created_at", "updated_at", "position", "description"),
    *("showcase", "start_date", "group_id", "page_id", "group", "only_show_if_degraded"),
}
INCIDENT = {
    *("id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at"),
    *("impact", "shortlink", "started_at", "page_id", "incident_updates", "components"),
}
UPDATE = {
    *("id", "status", "body", "incident_id", "created_at", "updated_at", "display_at"),
    *("affected_components", "deliver_notifications", "custom_tweet", "tweet_id"),
}
KEYS = {
    "summary": {"page", "status", "components", "incidents", "scheduled_maintenances"},
    "status": {"page", "status"},
    "components": {"page", "status", "components"},
    "incidents": {"page", "incidents"},
    "incidents/unresolved": {"page", "incidents"},
    "scheduled-maintenances": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/upcoming": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/active": {"page", "scheduled_maintenances"},
}
PRIVATE = "The password of the old router was wrong"


def read(visitor: Client, name: str) -> Any:
    answer = visitor.get(f"/api/v2/{name}.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def work(status: str | None = None) -> Incident:
    now = timezone.now()
    planned = open_incident(
        "New machines",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        severity="maintenance",
        facts=Facts(components=[component()], pages=[default_page()], scheduled_for=now),
    )
    if status:
        post_update(planned, by=STAFF, saying=Saying(status=status))
    return planned


def names(records: list[dict[str, Any]]) -> list[str]:
    return [record["name"] for record in records]


@pytest.mark.parametrize("name", KEYS)
def test_each_document_has_its_keys_for_every_origin(visitor: Client, name: str) -> None:
    answer = visitor.get(f"/api/v2/{name}.json")
    assert set(answer.json()) == KEYS[name]
    assert set(answer.json()["page"]) == PAGE
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", KEYS)
def test_head_is_get_without_the_body(visitor: Client, name: str) -> None:
    got, head = visitor.get(f"/api/v2/{name}.json"), visitor.head(f"/api/v2/{name}.json")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Access-Control-Allow-Origin"] == "*"
    assert head["Content-Type"] == got["Content-Type"]


@pytest.mark.parametrize("name", KEYS)
def test_nothing_else_than_reading_is_allowed(visitor: Client, name: str) -> None:
    assert visitor.post(f"/api/v2/{name}.json").status_code == 405


def test_a_browser_may_ask_from_elsewhere_with_headers_of_its_own(visitor: Client) -> None:
    visitor.handler.enforce_csrf_checks = True
    answer = visitor.options(
        "/api/v2/summary.json",
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Headers"] == "*"
    assert "GET" in answer["Access-Control-Allow-Methods"]


def test_the_quiet_page(visitor: Client) -> None:
    summary = read(visitor, "summary")
    assert summary["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert summary["page"]["url"] == "https://status.acme.localhost"
    assert summary["incidents"] == summary["scheduled_maintenances"] == []
    group, *members = summary["components"]
    assert names(members) == ["API", "Web app", "Payments"]
    assert (group["name"], group["group"]) == ("Core", True)
    assert group["components"] == [member["id"] for member in members]
    assert {member["group_id"] for member in members} == {group["id"]}
    assert set(group) == COMPONENT | {"components"}
    assert all(set(member) == COMPONENT for member in members)
    assert [c["position"] for c in summary["components"]] == [1, 2, 3, 4]


def test_an_open_incident(visitor: Client) -> None:
    incident = make_incident()
    post_update(incident, by=STAFF, saying=Saying(body="Found it.", status="identified"))
    post_update(incident, by=STAFF, saying=Saying(body=PRIVATE, is_public=False))
    summary = read(visitor, "summary")
    (record,) = summary["incidents"]
    assert set(record) == INCIDENT
    assert (record["status"], record["impact"]) == ("identified", "major")
    assert record["shortlink"] == f"https://status.acme.localhost/incidents/{incident.id}"
    assert [update["body"] for update in record["incident_updates"]] == [
        "Found it.",
        "We are investigating slow responses from the API.",
    ]
    assert all(set(update) == UPDATE for update in record["incident_updates"])
    assert names(record["components"]) == ["API"]
    assert record["components"][0]["status"] == "partial_outage"
    assert summary["status"]["indicator"] == "major"
    assert [c["status"] for c in summary["components"]][:3] == [
        "partial_outage",
        "partial_outage",
        "operational",
    ]
    for secret in (PRIVATE, STAFF.name, "created_by", "user_email"):
        assert secret not in json.dumps(summary)


def test_times_are_utc_with_milliseconds(visitor: Client) -> None:
    make_incident()
    (record,) = read(visitor, "incidents")["incidents"]
    for name in ("created_at", "updated_at", "started_at"):
        assert record[name].endswith("Z")
        assert len(record[name].split(".")[1]) == 4
        assert datetime.fromisoformat(record[name]) <= timezone.now()


def test_resolved_ones_leave_the_unresolved(visitor: Client) -> None:
    incident = make_incident()
    post_update(incident, by=STAFF, saying=Saying(status="monitoring"))
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert read(visitor, "incidents/unresolved")["incidents"] == []
    assert read(visitor, "summary")["incidents"] == []
    (record,) = read(visitor, "incidents")["incidents"]
    assert record["status"] == "resolved"
    assert record["monitoring_at"]
    assert record["resolved_at"]


@pytest.mark.parametrize(("severity", "impact"), [(None, "none"), ("critical", "critical")])
def test_impact_is_the_conventions(visitor: Client, severity: str | None, impact: str) -> None:
    make_incident(severity=severity)
    (record,) = read(visitor, "incidents")["incidents"]
    assert record["impact"] == impact


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("degraded", "degraded_performance"),
        ("partial_outage", "partial_outage"),
        ("major_outage", "major_outage"),
        ("maintenance", "under_maintenance"),
    ],
)
def test_states_are_the_conventions(visitor: Client, state: str, status: str) -> None:
    api = component()
    open_incident(
        "Adjusted",
        by=STAFF,
        facts=Facts(components=[api], impacts={api.id: state}, pages=[default_page()]),
    )
    found = {c["name"]: c["status"] for c in read(visitor, "components")["components"]}
    assert found["API"] == status


def test_a_planned_maintenance_is_upcoming_and_shows_an_end(visitor: Client) -> None:
    work()
    (record,) = read(visitor, "scheduled-maintenances/upcoming")["scheduled_maintenances"]
    assert set(record) == INCIDENT | {"scheduled_for", "scheduled_until"}
    assert (record["status"], record["impact"]) == ("scheduled", "maintenance")
    until, start = (
        datetime.fromisoformat(record[name]) for name in ("scheduled_until", "scheduled_for")
    )
    assert until - start == timedelta(hours=24)
    assert read(visitor, "scheduled-maintenances/active")["scheduled_maintenances"] == []
    assert read(visitor, "status")["status"]["indicator"] == "none"


def test_a_running_maintenance_is_active(visitor: Client) -> None:
    work("in_progress")
    assert names(read(visitor, "scheduled-maintenances/active")["scheduled_maintenances"])
    assert read(visitor, "scheduled-maintenances/upcoming")["scheduled_maintenances"] == []
    assert names(read(visitor, "summary")["scheduled_maintenances"]) == ["New machines"]
    assert read(visitor, "status")["status"]["indicator"] == "maintenance"
    assert read(visitor, "incidents")["incidents"] == []


def test_completed_stays_and_cancelled_goes(visitor: Client) -> None:
    work("completed")
    work("cancelled")
    records = read(visitor, "scheduled-maintenances")["scheduled_maintenances"]
    assert [record["status"] for record in records] == ["completed"]


def test_pages_keep_to_themselves(visitor: Client) -> None:
    Component.objects.create(name="Partner ledger")
    make_incident("Among partners", pages=(partner_page(),), components=("API", "Partner ledger"))
    make_incident("Internal", pages=())
    for name in KEYS:
        text = json.dumps(read(visitor, name))
        assert "Among partners" not in text
        assert "Internal" not in text
        assert "Partner ledger" not in text
    answer = visitor.get("/api/v2/incidents.json", headers={"host": "partners.acme.localhost"})
    assert names(answer.json()["incidents"]) == ["Among partners"]
    assert answer.json()["page"]["id"] == partner_page().id


def test_the_fifty_newest(visitor: Client) -> None:
    for n in range(52):
        Incident.objects.create(
            title=f"Number {n}",
            status="investigating",
            started_at=timezone.now() + timedelta(seconds=n),
            by_kind="operator",
        ).publications.create(page=default_page(), published_at=timezone.now(), by_kind="operator")
    found = names(read(visitor, "incidents")["incidents"])
    assert (len(found), found[0], found[-1]) == (50, "Number 51", "Number 2")


def test_an_update_names_the_components_that_it_moved(visitor: Client) -> None:
    incident = make_incident(severity="minor")
    api, hidden = component(), Component.objects.create(name="Hidden")
    impacts = {api.pk: "major_outage", hidden.pk: "degraded"}
    saying = Saying(status="identified", body="It is worse.", impacts=impacts)
    post_update(incident, by=STAFF, saying=saying)
    post_update(incident, by=STAFF, saying=Saying(body="Still at it."))
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    post_update(incident, by=STAFF, saying=Saying(body="A word after.", notifies=False))
    (told,) = read(visitor, "incidents")["incidents"]
    moved = {"code": api.pk, "name": api.name, "old_status": "degraded_performance"}
    assert [update["affected_components"] for update in told["incident_updates"]] == [
        None,
        [{**moved, "old_status": "major_outage", "new_status": "operational"}],
        None,
        [{**moved, "new_status": "major_outage"}],
        None,
    ]
