"""Planned work starts and completes itself, unless a person was there before."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from atender.due.models import Due
from atender.refusals import Refused
from incidents.lifecycle import delete_incident, post_update
from incidents.maintenance import maintenance_began_at, next_step_at
from incidents.models import Incident, StateInterval
from incidents.planned.planning import extend_window, start_maintenance
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from incidents.windows import Window
from tests.factories import STAFF, component
from tests.incidents.planned import DAY, HOUR, clock_strikes, plan, says

pytestmark = pytest.mark.usefixtures("acme")
SECONDS = timedelta(seconds=2)


def test_it_waits_starts_and_completes_by_itself() -> None:
    incident, now = plan(), timezone.now()
    assert says(incident) == ("scheduled", "operational")
    clock_strikes(now + HOUR - SECONDS)
    assert says(incident) == ("scheduled", "operational")
    clock_strikes(now + HOUR + SECONDS)
    assert says(incident) == ("in_progress", "maintenance")
    clock_strikes(now + 2 * HOUR + SECONDS)
    assert says(incident) == ("completed", "operational")
    assert [u.by_kind for u in incident.updates.all()] == ["person", "schedule", "schedule"]
    assert not Due.objects.filter(kind="incidents.window").exists()


def test_work_that_was_cancelled_never_begins() -> None:
    incident, now = plan(), timezone.now()
    post_update(incident, by=STAFF, saying=Saying(status="cancelled"))
    assert not Due.objects.filter(kind="incidents.window").exists()
    clock_strikes(now + HOUR + SECONDS)
    assert says(incident) == ("cancelled", "operational")


def test_a_cancellation_that_is_undone_lets_it_begin_after_all() -> None:
    incident, now = plan(), timezone.now()
    hold = timedelta(seconds=20)
    cancelled = post_update(incident, by=STAFF, saying=Saying(status="cancelled", hold=hold))
    withdraw_update(cancelled, by=STAFF)
    clock_strikes(now + HOUR + SECONDS)
    assert says(incident)[0] == "in_progress"


def test_work_that_was_deleted_promises_nothing() -> None:
    incident, now = plan(notice=timedelta(minutes=10)), timezone.now()
    delete_incident(incident, by=STAFF)
    assert not Due.objects.filter(kind__startswith="incidents.").exists()
    clock_strikes(now + HOUR + SECONDS)
    assert says(incident)[0] == "scheduled"


def test_work_that_was_completed_by_hand_stays_so() -> None:
    incident, now = plan(), timezone.now()
    clock_strikes(now + HOUR)
    early = Saying(status="completed", body="Done early.")
    post_update(incident, by=STAFF, saying=early, at=now + HOUR + timedelta(minutes=5))
    clock_strikes(now + 3 * HOUR)
    assert incident.updates.count() == 3


def test_without_an_end_a_person_completes_it() -> None:
    incident, now = plan(lasts=None), timezone.now()
    clock_strikes(now + HOUR)
    clock_strikes(now + 100 * HOUR)
    assert says(incident) == ("in_progress", "maintenance")


def test_a_window_that_passed_unseen_is_told_once() -> None:
    incident, now = plan(), timezone.now()
    clock_strikes(now + 5 * HOUR)
    assert says(incident)[0] == "completed"
    assert [u.notifies for u in incident.updates.all()] == [True, False, True]


@pytest.mark.parametrize("status", [None, "scheduled", "completed"])
def test_work_written_down_after_it_was_over_is_silent_and_ended_when_it_did(
    status: str | None,
) -> None:
    first, now = Saying("We moved the database.", status=status), timezone.now()
    incident = plan(-5 * HOUR, first=first)
    assert says(incident) == ("completed", "operational")
    window = Window.of(incident)
    assert window.end
    assert window.end < now
    clock_strikes(now + SECONDS)
    update = incident.updates.get()
    assert (incident.started_at, incident.resolved_at) == (window.start, window.end)
    assert (update.posted_at, update.notifies) == (window.end, False)
    assert maintenance_began_at(incident) == window.start
    past = StateInterval.objects.filter(component=component(), state="maintenance")
    assert {(one.started_at, one.ended_at) for one in past} == {(window.start, window.end)}


def test_a_window_that_runs_already_begins_at_once_and_is_told_once() -> None:
    incident, now = plan(-HOUR / 2), timezone.now()
    assert says(incident) == ("in_progress", "maintenance")
    assert incident.updates.get().notifies
    clock_strikes(now + HOUR)
    assert says(incident) == ("completed", "operational")


def test_work_that_was_begun_early_ends_at_its_end() -> None:
    incident, now = plan(), timezone.now()
    start_maintenance(incident, by=STAFF)
    clock_strikes(now + HOUR + SECONDS)
    assert says(incident) == ("in_progress", "maintenance")
    assert incident.updates.count() == 2
    clock_strikes(now + 2 * HOUR + SECONDS)
    assert says(incident) == ("completed", "operational")


def test_reopened_with_an_end_ahead_it_completes_itself_again() -> None:
    incident, now = plan(), timezone.now()
    with time_machine.travel(now + HOUR + timedelta(minutes=5), tick=False):
        post_update(incident, by=STAFF, saying=Saying(status="completed"))
    with time_machine.travel(now + HOUR + timedelta(minutes=9), tick=False):
        post_update(incident, by=STAFF, saying=Saying(status="in_progress"))
    clock_strikes(now + 2 * HOUR + SECONDS)
    assert says(incident) == ("completed", "operational")


def test_reopened_after_its_end_a_person_completes_it() -> None:
    incident, now = plan(), timezone.now()
    clock_strikes(now + 3 * HOUR)
    with time_machine.travel(now + 4 * HOUR, tick=False):
        post_update(incident, by=STAFF, saying=Saying(status="in_progress"))
    clock_strikes(now + 50 * HOUR)
    assert says(incident) == ("in_progress", "maintenance")
    assert next_step_at(incident) is None
    with time_machine.travel(now + 51 * HOUR, tick=False):
        extend_window(incident, by=STAFF, length=HOUR)
    clock_strikes(now + 52 * HOUR + SECONDS)
    assert says(incident) == ("completed", "operational")


def test_a_clock_that_goes_back_begins_nothing_early() -> None:
    """The due row was handed out ahead of time, before the clock was put right."""
    incident, now = plan(), timezone.now()
    Due.objects.filter(kind="incidents.window").update(due_at=now - DAY)
    clock_strikes(now)
    assert says(incident)[0] == "scheduled"
    clock_strikes(now + HOUR + SECONDS)
    assert says(incident)[0] == "in_progress"


def test_after_the_clock_ran_ahead_a_person_is_still_heard() -> None:
    """What the schedule posted lies in the future now; what comes after it counts as later."""
    incident, now = plan(), timezone.now()
    clock_strikes(now + HOUR + SECONDS)
    post_update(incident, by=STAFF, saying=Saying(status="cancelled", body="Not tonight."))
    assert says(incident) == ("cancelled", "operational")
    assert [u.status for u in incident.updates.all()] == ["scheduled", "in_progress", "cancelled"]


@pytest.mark.parametrize(
    ("starts_in", "lasts", "sentence"),
    [
        (HOUR, -HOUR, "ends before it starts"),
        (timedelta(days=40_000), None, "1970 to 2100"),
        (-timedelta(days=30_000), None, "1970 to 2100"),
    ],
)
def test_a_window_that_cannot_be_is_refused(
    starts_in: timedelta, lasts: timedelta | None, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        plan(starts_in, lasts)
    assert not Incident.objects.exists()
