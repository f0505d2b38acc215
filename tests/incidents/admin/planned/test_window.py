"""What staff do to planned work from its workspace."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from incidents.models import Incident
from incidents.planned.planning import cancel_maintenance, start_maintenance
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import at
from tests.incidents.planned import DAY, HOUR, clock_strikes, plan
from tests.incidents.recurring import plan as plan_recurring
from tests.incidents.recurring import soonest
from tests.subscribers.making import make_subscriber

ROOM = "/admin/incidents/maintenance"


def to(incident: Incident, step: str) -> str:
    return f"{ROOM}/{incident.pk}/{step}/"


def said(**fields: Any) -> dict[str, Any]:
    return {"submission_id": new_ulid(), **fields}


def status(incident: Incident) -> str:
    incident.refresh_from_db()
    return incident.status


def test_the_workspace_says_what_time_will_do(console: Client) -> None:
    incident = plan(2 * DAY, notice=DAY)
    page = console.get(at(incident)).content.decode()
    assert "Starts by itself" in page
    assert "Subscribers are reminded" in page
    assert "Start now" in page
    assert "Who has it" not in page
    assert f"http://status.acme.localhost/maintenance/{incident.pk}" in page.replace(
        "https", "http"
    )
    start_maintenance(incident, by=STAFF)
    page = console.get(at(incident)).content.decode()
    assert "Completes itself" in page
    assert "Extend by 30 min" in page
    assert "Start now" not in page


def test_one_that_outlasts_its_window_says_so(console: Client) -> None:
    incident, now = plan(), timezone.now()
    clock_strikes(now + 3 * HOUR)
    with time_machine.travel(now + 4 * HOUR):
        console.post(at(incident, "post/"), {"status": "another", "another_status": "in_progress"})
        page = console.get(at(incident)).content.decode()
    assert "complete it by hand, or extend it" in page


def test_an_incident_has_no_window_card(console: Client) -> None:
    assert "window-title" not in console.get(at(make_incident())).content.decode()


def test_it_starts_and_completes_at_one_click_each(console: Client) -> None:
    incident = plan()
    assert console.post(to(incident, "start"), said())["Location"] == at(incident)
    assert status(incident) == "in_progress"
    update = incident.updates.latest("id")
    assert update.held_until is not None
    assert update.by_name == "Alice"
    console.post(to(incident, "complete"), said())
    assert status(incident) == "completed"
    assert incident.updates.count() == 3


def test_a_stale_start_says_what_it_is_by_now(console: Client) -> None:
    incident = plan()
    cancel_maintenance(incident, by=STAFF)
    page = console.post(to(incident, "start"), said(), follow=True).content.decode()
    assert "It is cancelled by now; nothing was changed." in page
    assert status(incident) == "cancelled"


def test_it_is_extended_once_however_often_one_clicks(console: Client) -> None:
    incident = plan()
    start_maintenance(incident, by=STAFF)
    click = said(minutes="30")
    for _ in range(2):
        console.post(to(incident, "extend"), click)
    console.post(to(incident, "extend"), said(minutes="60"))
    incident.refresh_from_db()
    assert incident.scheduled_for
    assert incident.scheduled_until == incident.scheduled_for + HOUR * 2.5
    assert "New window" in console.get(at(incident)).content.decode()


@pytest.mark.parametrize("minutes", ["", "0", "-5", "many", "100000"])
def test_an_extension_that_is_none_is_refused(console: Client, minutes: str) -> None:
    incident = plan()
    page = console.post(to(incident, "extend"), said(minutes=minutes), follow=True)
    assert "Say by how many minutes" in page.content.decode()
    assert incident.updates.count() == 1


def test_the_window_is_moved_in_its_zone(console: Client) -> None:
    incident = plan()
    assert 'name="starts"' in console.get(to(incident, "move")).content.decode()
    sent = said(
        starts="2093-07-01T02:00",
        ends="2093-07-01T03:00",
        time_zone="Europe/Berlin",
        body="A week later.",
    )
    assert console.post(to(incident, "move"), sent)["Location"] == at(incident)
    incident.refresh_from_db()
    assert f"{incident.scheduled_for:%Y-%m-%d %H:%M}" == "2093-07-01 00:00"
    assert incident.updates.latest("id").body == "A week later."


def test_of_what_runs_only_the_end_is_moved(console: Client) -> None:
    incident = plan(-HOUR / 2)
    page = console.get(to(incident, "move")).content.decode()
    assert 'name="starts"' not in page
    console.post(to(incident, "move"), said(ends="", time_zone="UTC"))
    incident.refresh_from_db()
    assert incident.scheduled_until is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts": "", "ends": ""}, "Say when it starts."),
        ({"starts": "2001-01-01T00:00", "ends": ""}, "lies in the past"),
        ({"starts": "2093-01-01T02:00", "ends": "2093-01-01T01:00"}, "ends before it starts"),
        ({"starts": "tomorrow", "ends": ""}, "This is no date and time"),
        ({"starts": "2093-01-01T02:00", "time_zone": "nowhere"}, "is no time zone"),
    ],
)
def test_a_wrong_move_stands_beside_its_field(
    console: Client, fields: dict[str, str], sentence: str
) -> None:
    incident = plan()
    response = console.post(to(incident, "move"), said(**{"time_zone": "UTC", **fields}))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert incident.updates.count() == 1


def test_cancelling_asks_once_and_says_who_is_told(console: Client) -> None:
    make_subscriber()
    incident = plan()
    page = console.get(to(incident, "cancel")).content.decode()
    assert "Posting tells <strong>1</strong> subscriber." in page
    assert "visitors read that it is cancelled" in page
    console.post(to(incident, "cancel"), said(body="Not this week.", is_silent="on"))
    assert status(incident) == "cancelled"
    update = incident.updates.latest("id")
    assert (update.body, update.notifies) == ("Not this week.", False)
    again = console.get(to(incident, "cancel"), follow=True).content.decode()
    assert "It is cancelled already" in again


def test_one_of_a_series_is_skipped(console: Client) -> None:
    incident = soonest(plan_recurring("FREQ=YEARLY"))
    page = console.get(at(incident)).content.decode()
    assert "one of <a" in page
    assert "every year on 7 March at 02:00 (Europe/Berlin)" in page
    assert "Skip this one" in console.get(to(incident, "cancel")).content.decode()


@pytest.mark.parametrize("step", ["start", "complete", "extend", "move", "cancel"])
def test_who_may_do_it(console: Client, responder: Client, bobs_console: Client, step: str) -> None:
    incident = plan()
    assert bobs_console.post(to(incident, step), said()).status_code == 403
    assert responder.post(to(incident, step), said(minutes="5")).status_code in (302, 422)
    assert console.put(to(incident, step)).status_code == 405
    nobody = to(incident, step).replace(incident.pk, "01JD0000000000000000000000")
    assert console.post(nobody, said()).status_code == 404
    anonymous = Client(HTTP_HOST="acme.localhost")
    assert anonymous.post(to(incident, step))["Location"].startswith("/admin/login/")
    assert "Start now" not in bobs_console.get(at(plan())).content.decode()
