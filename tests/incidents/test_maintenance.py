"""Planned work starts and completes itself, unless a person was there before."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_q.models import OrmQ

from atender.due import work
from atender.due.models import Due
from atender.refusals import Refused
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Incident, Kind
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page

pytestmark = pytest.mark.usefixtures("acme")
HOUR = timedelta(hours=1)


def plan(starts_in: timedelta = HOUR, lasts: timedelta | None = HOUR) -> Incident:
    start = timezone.now() + starts_in
    return open_incident(
        "Database upgrade",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        facts=Facts(
            components=[component()],
            pages=[default_page()],
            scheduled_for=start,
            scheduled_until=start + lasts if lasts else None,
        ),
    )


def clock_strikes(at: datetime) -> None:
    """The clock and a worker at a time, as often as there is something to do."""
    with time_machine.travel(at, tick=False):
        work.hand_out()
        while tasks := list(OrmQ.objects.order_by("id")):
            for task in tasks:
                task.delete()
                work.run(*task.task["args"])


def says(incident: Incident) -> tuple[str, str]:
    incident.refresh_from_db()
    state: Any = component().states.filter(page=None).first()
    return incident.status, state.state if state else "operational"


def test_it_waits_starts_and_completes_by_itself() -> None:
    incident, now = plan(), timezone.now()
    assert says(incident) == ("scheduled", "operational")
    clock_strikes(now + HOUR - timedelta(seconds=2))
    assert says(incident) == ("scheduled", "operational")
    clock_strikes(now + HOUR + timedelta(seconds=2))
    assert says(incident) == ("in_progress", "maintenance")
    clock_strikes(now + 2 * HOUR + timedelta(seconds=2))
    assert says(incident) == ("completed", "operational")
    assert [u.by_kind for u in incident.updates.all()] == ["person", "schedule", "schedule"]
    assert not Due.objects.filter(kind="incidents.window").exists()


def test_work_that_was_cancelled_never_begins() -> None:
    incident, now = plan(), timezone.now()
    post_update(incident, by=STAFF, saying=Saying(status="cancelled"))
    clock_strikes(now + HOUR + timedelta(seconds=2))
    assert says(incident) == ("cancelled", "operational")


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
