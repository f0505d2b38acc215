"""PATCH /api/v1/maintenances/…: begun, extended, moved, cancelled, corrected."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident
from tests.factories import component, default_page, partner_page
from tests.incidents.planned import DAY, HOUR, in_a, plan

Post = Callable[..., Any]
URL = "/api/v1/maintenances"


@pytest.fixture
def patch(api: Client) -> Callable[..., Any]:
    """PATCH a maintenance: `patch(incident, status="in_progress")`."""

    def send(incident: Incident, *, headers: Any = None, **body: Any) -> Any:
        path = f"{URL}/{incident.id}"
        return api.patch(path, body, content_type="application/json", headers=headers or {})

    return send


def test_it_starts_is_extended_verified_and_completed(patch: Post) -> None:
    incident = plan()
    assert patch(incident, status="in_progress", body="We begin early.").status_code == 200
    longer = patch(incident, scheduled_until=in_a(4 * HOUR)).json()
    assert longer["updates"][-1]["scheduled_until"] == longer["scheduled_until"]
    assert longer["next_step_at"] == longer["scheduled_until"]
    assert patch(incident, status="verifying").json()["status"] == "verifying"
    done = patch(incident, status="completed").json()
    assert done["completed_at"]
    assert done["started_at"]
    assert done["next_step_at"] is None
    for status in ("cancelled", "scheduled"):
        denied = patch(incident, status=status)
        assert (denied.status_code, denied.json()["errors"][0]["field"]) == (409, "status")
    again = patch(incident, status="completed")
    assert again.status_code == 409
    assert "The maintenance is completed already" in again.json()["detail"]
    assert [update["status"] for update in done["updates"]] == [
        "scheduled",
        "in_progress",
        "in_progress",
        "verifying",
        "completed",
    ]


def test_it_is_moved_and_cancelled(patch: Post) -> None:
    incident = plan()
    moved = patch(incident, scheduled_for=in_a(DAY), scheduled_until=in_a(DAY + HOUR)).json()
    assert moved["next_step_at"] == moved["scheduled_for"]
    assert patch(incident, scheduled_for=moved["scheduled_for"]).json()["updates"][2:] == []
    cancelled = patch(incident, status="cancelled", body="Not this week.", notify=False).json()
    assert cancelled["status"] == "cancelled"
    assert not incident.updates.latest("id").notifies
    refused = patch(incident, scheduled_until=None)
    assert refused.status_code == 409
    assert "re-open it" in refused.json()["detail"]


def test_its_facts_are_changed_together_or_not_at_all(patch: Post) -> None:
    incident = plan()
    changed = patch(
        incident,
        title="Upgrade of the database",
        notice_before_minutes=None,
        component_ids=[component("Web app").id],
        component_impacts=[{"component_id": component().id, "state": "operational"}],
        status_page_ids=[default_page().id, partner_page().id],
    ).json()
    assert changed["title"] == "Upgrade of the database"
    assert changed["notice_before_minutes"] is None
    assert changed["component_ids"] == [component("Web app").id]
    assert len(changed["status_page_ids"]) == 2
    refused = patch(incident, title="Renamed", scheduled_for=in_a(-HOUR))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "scheduled_for"
    incident.refresh_from_db()
    assert incident.title == "Upgrade of the database"


def test_a_stale_precondition_is_refused(patch: Post, api: Client) -> None:
    incident = plan()
    etag = api.get(f"{URL}/{incident.id}")["ETag"]
    assert patch(incident, headers={"if-match": etag}, title="First").status_code == 200
    stale = patch(incident, headers={"if-match": etag}, title="Second")
    assert stale.status_code == 412
    gone = api.delete(f"{URL}/{incident.id}", headers={"if-match": etag})
    assert gone.status_code == 412
    incident.refresh_from_db()
    assert incident.title == "First"
