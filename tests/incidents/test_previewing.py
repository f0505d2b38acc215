"""What would be, without being."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.lifecycle import post_update
from incidents.models import Incident, IncidentUpdate
from incidents.previewing import UNSAVED, Preview, foresee
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident

pytestmark = pytest.mark.usefixtures("acme")
NOW = timezone.now()


def preview(incident: Incident, **said: Any) -> Preview:
    return foresee(
        incident, Saying(**said), by=STAFF, pages=[default_page()], component_ids=[component().pk]
    )


@pytest.mark.parametrize(
    "said",
    [
        {"status": "identified", "body": "Found it."},
        {"status": "resolved"},
        {"severity": None},
        {"severity": "critical", "body": "It got worse.", "is_public": False},
        {"body": "Still slow.", "next_update_by": NOW + timedelta(hours=1)},
    ],
)
def test_it_foresees_what_posting_does(said: dict[str, Any]) -> None:
    incident = make_incident()
    foreseen = preview(incident, **said)
    update = post_update(incident, by=STAFF, saying=Saying(**said))
    incident.refresh_from_db()
    assert foreseen.update is not None
    for name in ("status", "severity", "next_update_by", "is_closed"):
        assert getattr(foreseen.incident, name) == getattr(incident, name), name
    for name in ("body", "public_body", "status", "severity", "changes_status", "notifies"):
        assert getattr(foreseen.update, name) == getattr(update, name), name
    visible = IncidentUpdate.objects.visible().filter(pk=update.pk).exists()
    assert foreseen.is_visible == visible
    assert foreseen.is_step == update.is_transition


def test_it_writes_nothing() -> None:
    incident = make_incident()
    before = Incident.objects.values().get()
    with CaptureQueriesContext(connection) as asked:
        preview(incident, status="resolved", body="Fixed.")
    assert [q["sql"][:6] for q in asked if not q["sql"].startswith("SELECT")] == []
    assert (Incident.objects.values().get(), incident.status) == (before, "investigating")


def test_a_refusal_is_foreseen_too() -> None:
    incident = make_incident()
    foreseen = preview(incident, body="  ")
    assert foreseen.update is None
    assert "write a text" in foreseen.refusal
    assert (foreseen.is_visible, foreseen.is_step, foreseen.hides_text) == (False, False, False)


@pytest.fixture
def unsaved() -> Incident:
    return Incident(
        pk=UNSAVED, title="Search is slow", status="identified", severity="minor", started_at=NOW
    )


def test_an_incident_that_is_not_there_yet(unsaved: Incident) -> None:
    foreseen = preview(unsaved, status="identified", body="Searches take a minute.")
    assert foreseen.is_new
    assert foreseen.is_visible
    assert not Incident.objects.exists()


def test_a_private_text_is_hidden_and_its_step_is_not() -> None:
    incident = make_incident()
    alone = preview(incident, body="Ask Bob.", is_public=False)
    assert (alone.hides_text, alone.is_visible) == (True, False)
    moved = preview(incident, body="Ask Bob.", is_public=False, status="identified")
    assert (moved.hides_text, moved.is_visible) == (True, True)
