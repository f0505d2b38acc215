"""What staff see of a public that waits."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.nudges.nudging import nudge
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import at

MINUTE = timedelta(minutes=1)


def ago(minutes: int, **kwargs: object) -> Incident:
    return make_incident(at=timezone.now() - minutes * MINUTE, **kwargs)  # type: ignore[arg-type]


def workspace(client: Client, incident: Incident) -> str:
    return client.get(at(incident)).content.decode()


def test_all_is_well(console: Client) -> None:
    page = workspace(console, make_incident())
    assert 'class="waiting"' not in page
    assert "Promised updates" not in page


def test_a_long_silence_is_in_the_head_and_on_the_first_screen(console: Client) -> None:
    incident = ago(90)
    nudge(incident.pk)
    page = workspace(console, incident)
    assert (
        "No public word for 1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}min" in page
    )
    assert "1 person was reminded" in page
    assert '<span class="late">last public update' in console.get("/admin/").content.decode()


def test_an_internal_or_closed_incident_keeps_nobody_waiting(console: Client) -> None:
    closed = ago(90)
    post_update(closed, by=STAFF, saying=Saying(status="resolved"))
    for incident in (ago(90, pages=()), closed):
        assert 'class="waiting"' not in workspace(console, incident)


def test_a_missed_promise(console: Client) -> None:
    incident = ago(34)
    began = incident.started_at
    kept = Saying(body="More soon.", next_update_by=began + 20 * MINUTE)
    missed = Saying(body="And more.", next_update_by=began + 30 * MINUTE)
    post_update(incident, by=STAFF, saying=kept, at=began + 1 * MINUTE)
    post_update(incident, by=STAFF, saying=missed, at=began + 2 * MINUTE)
    page = workspace(console, incident)
    assert "1 of 2 came in time; missed by 4\N{NO-BREAK SPACE}min." in page
    assert ": kept" in page
    assert '<span class="late">missed by 4\N{NO-BREAK SPACE}min</span>' in page


def test_an_internal_incident_is_published_from_the_head_of_its_screen(
    console: Client, responder: Client
) -> None:
    incident, shown = make_incident(pages=()), make_incident()
    publish = '<a class="btn small" href="{}publish/"'.format
    assert publish(at(incident).removesuffix("change/")) in workspace(console, incident)
    assert publish(at(incident).removesuffix("change/")) not in workspace(responder, incident)
    assert publish(at(shown).removesuffix("change/")) not in workspace(console, shown)
