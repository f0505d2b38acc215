"""Two at once over one maintenance, on real commits."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from atender.due.models import Due
from atender.due.work import Lease
from atender.tenants.context import in_tenant
from incidents.models import Incident
from incidents.planned.planning import cancel_maintenance, extend_window, remind, start_maintenance
from incidents.tasks import follow_window
from incidents.transitions import MovedOn, Saying
from tests.factories import STAFF
from tests.incidents.planned import DAY, HOUR, plan
from tests.incidents.test_races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")
NOBODYS = Lease(0, 0)


def planned(**how: Any) -> Incident:
    with in_tenant("acme"):
        return plan(**how)


def steps(incident: Incident) -> list[str]:
    with in_tenant("acme"):
        updates = incident.updates.order_by("posted_at", "id")
        return list(updates.values_list("status", flat=True))


def test_a_double_click_on_start_begins_once() -> None:
    incident = planned()
    outcomes = at_once(*[lambda: start_maintenance(incident, by=STAFF)] * 3)
    assert sum(isinstance(outcome, MovedOn) for outcome in outcomes) == 2
    assert steps(incident) == ["scheduled", "in_progress"]


def test_two_workers_with_the_same_window_begin_it_once() -> None:
    incident = planned()
    with time_machine.travel(timezone.now() + HOUR + timedelta(seconds=1), tick=False):
        outcomes = at_once(*[lambda: follow_window(incident.pk, NOBODYS)] * 3)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert steps(incident) == ["scheduled", "in_progress"]


def test_a_cancellation_beside_the_start_is_the_last_word() -> None:
    incident = planned()
    with time_machine.travel(timezone.now() + HOUR + timedelta(seconds=1), tick=False):
        outcomes = at_once(
            lambda: follow_window(incident.pk, NOBODYS),
            lambda: cancel_maintenance(incident, by=STAFF),
        )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert steps(incident)[-1] == "cancelled"
    assert not Due.objects.filter(kind="incidents.window", key=incident.pk).exists()


def test_a_stale_start_does_not_bring_back_what_was_cancelled() -> None:
    incident = planned()
    outcomes = at_once(
        lambda: cancel_maintenance(incident, by=STAFF),
        lambda: start_maintenance(incident, by=STAFF),
    )
    assert steps(incident)[-1] == "cancelled"
    assert sum(isinstance(outcome, MovedOn) for outcome in outcomes) <= 1


def test_a_double_click_on_extend_extends_once() -> None:
    incident = planned()
    submission = "01JD0000000000000000000000"
    later: Any = lambda: extend_window(  # noqa: E731
        incident, by=STAFF, length=HOUR, submission_id=submission
    )
    first, second = at_once(later, later)
    assert first.pk == second.pk
    with in_tenant("acme"):
        incident.refresh_from_db()
        assert incident.scheduled_for
        assert incident.scheduled_until == incident.scheduled_for + 2 * HOUR


def test_two_people_extend_and_both_are_heard() -> None:
    incident = planned()
    later: Any = lambda: extend_window(  # noqa: E731
        incident, by=STAFF, length=HOUR, saying=Saying("It takes longer.")
    )
    at_once(later, later)
    with in_tenant("acme"):
        incident.refresh_from_db()
        assert incident.scheduled_for
        assert incident.scheduled_until == incident.scheduled_for + 3 * HOUR


def test_two_workers_remind_once() -> None:
    incident = planned(starts_in=2 * DAY, notice=DAY)
    with time_machine.travel(timezone.now() + DAY + HOUR, tick=False):
        at_once(*[lambda: remind(incident)] * 3)
    with in_tenant("acme"):
        version = incident.version
        incident.refresh_from_db()
        assert incident.version == version + 1
