"""The verbs of planned work: each leaves one record, and a refusal leaves nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from atender.due.models import Due
from atender.refusals import Conflict, Refused
from incidents.correcting import change_incident
from incidents.lifecycle import Facts, post_update
from incidents.models import Incident
from incidents.planned.planning import (
    cancel_maintenance,
    complete_maintenance,
    extend_window,
    move_window,
    plan_maintenance,
    remind,
    start_maintenance,
)
from incidents.signals import Action, Change, incident_changed
from incidents.timeline import delete_update, withdraw_update
from incidents.transitions import MovedOn, Saying
from tests.factories import STAFF, make_incident
from tests.incidents.planned import DAY, HOUR, clock_strikes, plan, says

pytestmark = pytest.mark.usefixtures("acme")


def due_at(kind: str) -> datetime | None:
    return Due.objects.filter(kind=f"incidents.{kind}").values_list("due_at", flat=True).first()


def unchanged(incident: Incident) -> bool:
    before = incident.scheduled_for, incident.scheduled_until, incident.status
    incident.refresh_from_db()
    now = incident.scheduled_for, incident.scheduled_until, incident.status
    return now == before and incident.updates.count() == 1


def test_a_window_is_moved_on_the_timeline() -> None:
    incident = plan()
    assert incident.scheduled_for
    start, end = incident.scheduled_for + DAY, incident.scheduled_for + DAY + HOUR
    update = move_window(incident, by=STAFF, start=start, end=end)
    incident.refresh_from_db()
    assert (incident.scheduled_for, incident.scheduled_until) == (start, end)
    assert update.changes_window
    assert update.notifies
    assert not update.changes_status
    assert incident.updates.visible().count() == 2
    assert due_at("window") == start


def test_moving_is_undone_like_any_update() -> None:
    incident = plan()
    start = incident.scheduled_for
    update = extend_window(incident, by=STAFF, length=HOUR, saying=Saying(hold=HOUR))
    withdraw_update(update, by=STAFF)
    incident.refresh_from_db()
    assert incident.scheduled_for == start
    assert start
    assert incident.scheduled_until == start + HOUR


def test_deleting_the_words_of_a_move_leaves_the_move() -> None:
    incident = plan()
    update = extend_window(incident, by=STAFF, length=HOUR, saying=Saying("Longer."))
    delete_update(update, by=STAFF)
    incident.refresh_from_db()
    assert incident.scheduled_for
    assert incident.scheduled_until == incident.scheduled_for + 2 * HOUR


def test_a_running_window_ends_later() -> None:
    incident, now = plan(), timezone.now()
    clock_strikes(now + HOUR)
    with time_machine.travel(now + HOUR * 1.5, tick=False):
        extend_window(incident, by=STAFF, length=HOUR)
    clock_strikes(now + HOUR * 2.5)
    assert says(incident) == ("in_progress", "maintenance")
    clock_strikes(now + HOUR * 3.5)
    assert says(incident) == ("completed", "operational")


def test_a_window_loses_its_end() -> None:
    incident, now = plan(), timezone.now()
    move_window(incident, by=STAFF, end=None)
    clock_strikes(now + HOUR)
    clock_strikes(now + 9 * HOUR)
    assert says(incident)[0] == "in_progress"
    with pytest.raises(Refused, match="has no end to move"):
        extend_window(incident, by=STAFF, length=HOUR)


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (-HOUR, 3 * HOUR, "start the maintenance now"),
        (2 * HOUR, HOUR, "ends before it starts"),
        (timedelta(days=40_000), timedelta(days=40_001), "1970 to 2100"),
        (HOUR, -HOUR, "ends before it starts"),
    ],
)
def test_a_window_moves_to_no_impossible_place(
    start: timedelta, end: timedelta, sentence: str
) -> None:
    incident, now = plan(), timezone.now()
    with pytest.raises(Refused, match=sentence):
        move_window(incident, by=STAFF, start=now + start, end=now + end)
    assert unchanged(incident)


def test_what_runs_has_begun() -> None:
    incident, now = plan(), timezone.now()
    start_maintenance(incident, by=STAFF)
    with pytest.raises(Refused, match="only its end"):
        move_window(incident, by=STAFF, start=now + 2 * HOUR, end=now + 3 * HOUR)
    with (
        time_machine.travel(now + HOUR * 1.5),
        pytest.raises(Refused, match="complete the maintenance instead"),
    ):
        move_window(incident, by=STAFF, end=now + HOUR * 1.2)


def test_what_is_over_is_not_moved() -> None:
    incident = plan()
    cancel_maintenance(incident, by=STAFF)
    with pytest.raises(Conflict, match="is cancelled; re-open it"):
        extend_window(incident, by=STAFF, length=HOUR)


def test_an_incident_has_no_window() -> None:
    incident = make_incident()
    with pytest.raises(Refused, match="only a maintenance is planned"):
        move_window(incident, by=STAFF, start=timezone.now() + HOUR)
    assert incident.updates.count() == 1


def test_a_move_to_where_it_is_says_nothing() -> None:
    incident = plan()
    with pytest.raises(Refused, match="The maintenance is scheduled already"):
        move_window(incident, by=STAFF, end=incident.scheduled_until)
    assert unchanged(incident)


def test_it_is_started_completed_and_cancelled_from_where_that_is_meant() -> None:
    incident = plan()
    with pytest.raises(MovedOn, match="It is scheduled by now"):
        complete_maintenance(incident, by=STAFF)
    start_maintenance(incident, by=STAFF, saying=Saying("We begin early."))
    with pytest.raises(MovedOn, match="It is in progress by now"):
        start_maintenance(incident, by=STAFF)
    post_update(incident, by=STAFF, saying=Saying(status="verifying"))
    complete_maintenance(incident, by=STAFF)
    with pytest.raises(MovedOn, match="It is completed by now"):
        cancel_maintenance(incident, by=STAFF)
    steps = [update.status for update in incident.updates.all()]
    assert steps == ["scheduled", "in_progress", "verifying", "completed"]


@pytest.mark.parametrize(
    ("way", "status", "sentence"),
    [
        (["in_progress"], "scheduled", "is in_progress: what has begun is not scheduled again"),
        (["in_progress", "verifying"], "scheduled", "complete or cancel it, and plan another"),
        (["in_progress", "completed"], "scheduled", "For another time plan another"),
        (["in_progress", "completed"], "cancelled", "re-open it as in_progress"),
    ],
)
def test_work_that_took_place_is_not_denied(way: list[str], status: str, sentence: str) -> None:
    incident = plan()
    for step in way:
        post_update(incident, by=STAFF, saying=Saying(status=step))
    incident.refresh_from_db()
    assert not incident.can_become(status)
    with pytest.raises(Conflict, match=sentence):
        post_update(incident, by=STAFF, saying=Saying(status=status, body="Never mind."))
    assert incident.updates.latest("id").status == way[-1]


def test_work_that_runs_is_cancelled_and_what_was_completed_or_cancelled_reopened() -> None:
    for way in (
        ["in_progress", "cancelled", "in_progress"],
        ["in_progress", "completed", "in_progress"],
        ["cancelled", "scheduled"],
    ):
        incident = plan()
        for step in way:
            incident.refresh_from_db()
            assert incident.can_become(step)
            post_update(incident, by=STAFF, saying=Saying(status=step))
        assert [update.status for update in incident.updates.order_by("id")][1:] == way


def test_it_waits_again_only_for_a_time_ahead() -> None:
    incident, now = plan(), timezone.now()
    cancel_maintenance(incident, by=STAFF)
    with time_machine.travel(now + 2 * HOUR):
        with pytest.raises(Refused, match="give it a new scheduled_for"):
            post_update(incident, by=STAFF, saying=Saying(status="scheduled"))
        later = Saying(status="scheduled")
        move_window(incident, by=STAFF, start=now + DAY, end=now + DAY + HOUR, saying=later)
    assert says(incident)[0] == "scheduled"
    assert due_at("window") == now + DAY


def test_a_plan_without_a_time_is_refused() -> None:
    with pytest.raises(Refused, match="say when"):
        plan_maintenance("Some day", by=STAFF, facts=Facts())
    with pytest.raises(Refused, match="say when"):
        plan_maintenance("Some day", by=STAFF, facts=Facts(scheduled_until=timezone.now()))


class Heard(list[Change]):
    def __call__(self, change: Change, **_: object) -> None:
        self.append(change)

    def reminders(self) -> list[Change]:
        return [change for change in self if change.action == Action.REMINDED]


@pytest.fixture
def heard() -> Iterator[Heard]:
    changes = Heard()
    incident_changed.connect(changes, weak=False, dispatch_uid="heard")
    yield changes
    incident_changed.disconnect(dispatch_uid="heard")


def test_a_reminder_comes_once_before_the_start(heard: Heard) -> None:
    incident, now = plan(starts_in=2 * DAY, notice=DAY), timezone.now()
    assert due_at("reminder") == (incident.scheduled_for or now) - DAY
    clock_strikes(now + DAY - HOUR)
    assert not heard.reminders()
    for hours in (0, 1, 2):
        clock_strikes(now + DAY + hours * HOUR)
    (change,) = heard.reminders()
    assert change.incident.pk == incident.pk
    assert change.update is None
    assert due_at("reminder") is None


def test_nobody_is_reminded_of_what_was_announced_later_than_that(heard: Heard) -> None:
    plan(starts_in=2 * HOUR, notice=DAY)
    assert due_at("reminder") is None
    clock_strikes(timezone.now() + HOUR)
    assert not heard.reminders()


def test_a_moved_start_has_its_own_reminder(heard: Heard) -> None:
    incident, now = plan(starts_in=2 * DAY, notice=DAY), timezone.now()
    clock_strikes(now + DAY + HOUR)
    with time_machine.travel(now + DAY + 2 * HOUR):
        move_window(incident, by=STAFF, start=now + 5 * DAY, end=now + 5 * DAY + HOUR)
    assert due_at("reminder") == now + 4 * DAY
    clock_strikes(now + 4 * DAY + HOUR)
    assert [change.incident.scheduled_for for change in heard.reminders()] == [
        incident.scheduled_for,
        now + 5 * DAY,
    ]


def test_a_move_within_the_notice_is_notice_enough(heard: Heard) -> None:
    incident, now = plan(starts_in=5 * DAY, notice=DAY), timezone.now()
    move_window(incident, by=STAFF, start=now + 5 * HOUR, end=now + 6 * HOUR)
    assert due_at("reminder") is None


@pytest.mark.parametrize("status", ["in_progress", "cancelled"])
def test_what_waits_no_longer_reminds_nobody(heard: Heard, status: str) -> None:
    incident, now = plan(starts_in=2 * DAY, notice=DAY), timezone.now()
    post_update(incident, by=STAFF, saying=Saying(status=status))
    clock_strikes(now + DAY + HOUR)
    remind(incident, at=now + DAY + HOUR)
    assert not heard.reminders()


def test_a_reminder_that_slept_through_the_start_stays_silent(heard: Heard) -> None:
    plan(starts_in=2 * DAY, lasts=DAY, notice=DAY)
    clock_strikes(timezone.now() + 2 * DAY + HOUR)
    assert not heard.reminders()


def test_the_notice_is_changed() -> None:
    incident, now = plan(starts_in=2 * DAY, notice=DAY), timezone.now()
    change_incident(incident, by=STAFF, notice_before=HOUR)
    assert (due_at("reminder") or now) > now + DAY
    change_incident(incident, by=STAFF, notice_before=None)
    assert due_at("reminder") is None
    change_incident(incident, by=STAFF, notice_before=3 * DAY)
    assert due_at("reminder") is None


@pytest.mark.parametrize("notice", [timedelta(0), -DAY, timedelta(days=31)])
def test_a_notice_that_helps_nobody_is_refused(notice: timedelta) -> None:
    with pytest.raises(Refused, match="between 1 minute and 30 days"):
        plan(starts_in=2 * DAY, notice=notice)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("status", ["in_progress", "verifying"])
def test_work_that_goes_on_has_an_end_ahead_or_none(status: str) -> None:
    with pytest.raises(Refused, match=r"The window was over at .* give it a later end, or none"):
        plan(starts_in=-2 * HOUR, lasts=HOUR, first=Saying("Going on.", status=status))
    assert not Incident.objects.exists()
    for lasts in (3 * HOUR, None):
        incident = plan(starts_in=-2 * HOUR, lasts=lasts, first=Saying("On.", status=status))
        assert incident.status == status
