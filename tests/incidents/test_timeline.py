"""What may happen to an update after it was posted."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from incidents.lifecycle import Facts, acknowledge, open_incident, post_update
from incidents.models import Incident, IncidentUpdate, IncidentUpdateRevision, StateInterval
from incidents.timeline import TooLateToUndo, delete_update, edit_update, withdraw_update
from incidents.transitions import NothingSaid, Saying
from tests.factories import STAFF, component, default_page, make_incident

pytestmark = pytest.mark.usefixtures("acme")
HOLD = timedelta(seconds=20)


def say(incident: Incident, **words: Any) -> IncidentUpdate:
    return post_update(incident, by=STAFF, saying=Saying(**words))


def test_an_edit_leaves_a_revision() -> None:
    update = say(make_incident(), body="We know teh cause.")
    edited = edit_update(update, by=STAFF, body="We know the cause.")
    revision = IncidentUpdateRevision.objects.get(update_id=update.id)
    assert (revision.body_before, revision.body_after) == (update.body, edited.body)
    assert (revision.by_name, revision.is_deletion) == ("Alice", False)
    assert edited.is_edited_for_visitors


def test_an_edit_that_changes_nothing_leaves_nothing() -> None:
    update = say(make_incident(), body="Same.")
    edit_update(update, by=STAFF, body="Same.")
    assert not IncidentUpdateRevision.objects.exists()


def test_a_text_cannot_be_edited_away() -> None:
    update = say(make_incident(), body="Only this.")
    with pytest.raises(NothingSaid):
        edit_update(update, by=STAFF, body="  ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incident_update_revisions SET body_after = 'forged'",
        "DELETE FROM incident_update_revisions",
        "UPDATE incidents_auditentry SET by_name = 'somebody else'",
        "DELETE FROM incidents_auditentry",
    ],
)
def test_the_trail_cannot_be_changed_by_hand(statement: str) -> None:
    edit_update(say(make_incident(), body="a"), by=STAFF, body="b")
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_deleting_leaves_the_transition_without_text() -> None:
    incident = make_incident()
    update = say(incident, status="identified", body="secret")
    delete_update(update, by=STAFF)
    incident.refresh_from_db()
    assert incident.status == "identified"
    shown = incident.updates.visible().get(pk=update.pk)
    assert shown.public_body == ""
    assert IncidentUpdateRevision.objects.get(update_id=update.id).is_deletion


def test_a_private_text_is_not_visible_but_its_transition_is() -> None:
    incident = make_incident()
    note = say(incident, body="who is on call?", is_public=False)
    moved = say(incident, status="identified", body="it was Bob's deploy", is_public=False)
    shown = {u.id: u.public_body for u in incident.updates.visible()}
    assert note.id not in shown
    assert shown[moved.id] == ""


def test_undo_restores_status_severity_and_components() -> None:
    incident = make_incident()
    update = say(incident, status="resolved", body="Fixed.", hold=HOLD)
    assert not component().states.exclude(state="operational").exists()
    incident = withdraw_update(update, by=STAFF)
    assert (incident.status, incident.resolved_at) == ("investigating", None)
    assert incident.responder_status == "triggered"
    assert component().states.get(page=None).state == "partial_outage"
    assert not incident.updates.kept().filter(pk=update.pk).exists()


def test_undoing_a_resolution_leaves_it_with_whoever_had_it() -> None:
    incident = acknowledge(make_incident(), by=STAFF)
    update = say(incident, status="resolved", hold=HOLD)
    incident = withdraw_update(update, by=STAFF)
    assert incident.responder_status == "acknowledged"
    assert incident.acknowledged_by_name == "Alice"


def test_undoing_the_first_update_takes_the_incident_back() -> None:
    incident = make_incident()
    first = incident.updates.get()
    IncidentUpdate.objects.filter(pk=first.pk).update(held_until=timezone.now() + HOLD)
    withdraw_update(first, by=STAFF)
    assert not Incident.objects.kept().exists()
    assert not component().states.exclude(state="operational").exists()


def felt(at: datetime) -> dict[str, timedelta]:
    """For how long the API has been in which state by then."""
    found: dict[str, timedelta] = {}
    for each in StateInterval.objects.filter(page=None):
        lasted = (each.ended_at or at) - each.started_at
        found[each.state] = found.get(each.state, timedelta()) + lasted
    return found


@pytest.mark.parametrize("lasted", [None, timedelta(hours=1)])
@pytest.mark.parametrize("something_stands", [False, True])
def test_what_is_taken_back_leaves_nothing_in_the_past(
    lasted: timedelta | None, something_stands: bool
) -> None:
    began_at = timezone.now() - timedelta(hours=3)
    if something_stands:
        make_incident("Slow", severity="minor", started_at=began_at - timedelta(hours=2))
    in_a_while = timezone.now() + timedelta(hours=1)
    before = felt(in_a_while)
    incident = open_incident(
        "API down",
        by=STAFF,
        severity="critical",
        first=Saying(status="resolved" if lasted else "investigating", hold=HOLD),
        facts=Facts(components=[component()], pages=[default_page()]),
        started_at=began_at,
        ended_at=began_at + lasted if lasted else None,
    )
    assert "major_outage" in felt(in_a_while)
    withdraw_update(incident.updates.get(), by=STAFF)
    assert felt(in_a_while) == before


def test_undo_is_refused_once_the_mails_may_go() -> None:
    incident = make_incident()
    update = say(incident, status="resolved", hold=HOLD)
    with pytest.raises(TooLateToUndo, match="on their way"):
        withdraw_update(update, by=STAFF, at=timezone.now() + HOLD)
    unheld = say(incident, body="A report follows.")
    with pytest.raises(TooLateToUndo):
        withdraw_update(unheld, by=STAFF)


def test_undo_is_refused_after_a_later_update() -> None:
    incident = make_incident()
    update = say(incident, status="identified", hold=HOLD)
    say(incident, body="more")
    with pytest.raises(TooLateToUndo, match="posted after"):
        withdraw_update(update, by=STAFF)
