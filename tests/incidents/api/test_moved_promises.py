"""`next_update_by` and `eta` in PATCH /incidents/{id}."""

from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident

SOON = timedelta(minutes=30)


def in_half_an_hour() -> datetime:
    return timezone.now().replace(microsecond=0) + SOON


def patch(
    api: Client, incident_id: str, *, shows: str = "next_update_by", **body: object
) -> tuple[int, object]:
    answer = api.patch(f"/api/v1/incidents/{incident_id}", body, content_type="application/json")
    read = answer.json()
    at = read.get(shows)
    return answer.status_code, datetime.fromisoformat(at) if at else read.get("errors")


def test_a_promise_is_made_moved_and_taken_back(api: Client) -> None:
    incident, until = make_incident(), in_half_an_hour()
    assert patch(api, incident.id, next_update_by=until) == (200, until)
    assert patch(api, incident.id, next_update_by=until + SOON) == (200, until + SOON)
    assert patch(api, incident.id, title="API answers slowly") == (200, until + SOON)
    assert patch(api, incident.id, next_update_by=None) == (200, None)


def test_said_together_with_a_step_it_stands(api: Client) -> None:
    incident, until = make_incident(), in_half_an_hour()
    assert patch(api, incident.id, status="identified", next_update_by=until) == (200, until)
    assert incident.updates.count() == 2


def test_nothing_is_promised_for_the_past_or_after_the_end(api: Client) -> None:
    incident = make_incident()
    status, errors = patch(api, incident.id, next_update_by=timezone.now() - SOON)
    assert status == 422
    assert "which has passed" in str(errors)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    status, errors = patch(api, incident.id, next_update_by=timezone.now() + SOON)
    assert status == 422
    assert "no further update is promised" in str(errors)


def test_the_expected_end_is_said_moved_and_over_with_the_incident(api: Client) -> None:
    incident, until = make_incident(), in_half_an_hour()
    assert patch(api, incident.id, shows="eta", eta=until) == (200, until)
    assert patch(api, incident.id, shows="eta", eta=until) == (200, until)
    assert incident.updates.count() == 2
    assert patch(api, incident.id, shows="eta", eta=until + SOON) == (200, until + SOON)
    assert patch(api, incident.id, shows="eta", status="identified") == (200, until + SOON)
    status, errors = patch(api, incident.id, shows="eta", eta=None)
    assert status == 422
    assert "moved by saying another time" in str(errors)
    assert patch(api, incident.id, shows="eta", status="resolved") == (200, None)
    assert patch(api, incident.id, shows="eta", eta=None) == (200, None)
    status, errors = patch(api, incident.id, shows="eta", eta=until + SOON)
    assert status == 422
    assert "reopen it" in str(errors)
    assert patch(api, incident.id, shows="eta", eta=until, status="monitoring") == (200, until)


def test_an_expected_end_in_a_private_text_is_not_what_was_said_in_public(api: Client) -> None:
    incident, until = make_incident(), in_half_an_hour()
    post_update(incident, by=STAFF, saying=Saying(body="Perhaps.", is_public=False, eta=until))
    assert patch(api, incident.id, shows="eta", title="API answers slowly") == (200, None)
