"""What becomes of the times that lie ahead when their series changes."""

import time_machine

from incidents.correcting import change_incident
from incidents.planned.planning import cancel_maintenance, move_window
from incidents.planned.series import (
    change_series,
    keep_ahead,
)
from subscribers.models import Notice
from tests.factories import STAFF, component, default_page, partner_page
from tests.incidents.planned import DAY, HOUR
from tests.incidents.recurring import (
    FIRST,
    NOW,
    SUNDAYS,
    a_plan,
    plan,
    soonest,
    times,
    waiting,
)


def test_what_changes_changes_what_nobody_touched(acme: object) -> None:
    series = plan()
    with time_machine.travel(NOW, tick=False):
        touched = soonest(series)
        change_incident(touched, by=STAFF, title="Restart, and new disks")
        web = component("Web app")
        later = a_plan(
            title="Weekly tidying",
            body="We tidy up.",
            notice_before=HOUR,
            components=[web],
            pages=[default_page(), partner_page()],
        )
        change_series(series, later, by=STAFF)
    touched.refresh_from_db()
    assert touched.title == "Restart, and new disks"
    others = series.occurrences.exclude(pk=touched.pk)
    assert len(others) == 4
    for one in others:
        assert one.title == "Weekly tidying"
        assert one.updates.get().body == "We tidy up."
        assert one.notice_before == HOUR
        assert dict(one.impacts.values_list("component__name", "state")) == {
            "API": "operational",
            "Web app": "maintenance",
        }
        assert one.pages.count() == 2
        assert one.follows_series
    assert Notice.objects.count() == 1


def test_a_new_hour_moves_each_time_within_its_day(acme: object) -> None:
    series = plan()
    ids = set(series.occurrences.values_list("pk", flat=True))
    with time_machine.travel(NOW, tick=False):
        change_series(series, a_plan(first=FIRST + 2 * HOUR, duration=2 * HOUR), by=STAFF)
    assert times(series)[:3] == ["07.03. 04:00", "14.03. 04:00", "21.03. 04:00"]
    assert set(series.occurrences.kept().values_list("pk", flat=True)) == ids
    first = soonest(series)
    assert first.scheduled_for
    assert first.scheduled_until == first.scheduled_for + 2 * HOUR
    assert Notice.objects.count() == 1


def test_another_day_withdraws_and_plans_anew(acme: object) -> None:
    series = plan()
    announced = soonest(series)
    with time_machine.travel(NOW, tick=False):
        change_series(series, a_plan("FREQ=WEEKLY;BYDAY=TU"), by=STAFF)
        assert times(series)[:2] == ["09.03. 02:00", "16.03. 02:00"]
        # Subscribers had heard of the first one: its address goes on answering.
        announced.refresh_from_db()
        assert announced.status == "cancelled"
        assert not announced.updates.latest("id").notifies
        assert series.occurrences.kept().filter(status="cancelled").count() == 1
        change_series(series, a_plan(), by=STAFF)
    assert times(series) == SUNDAYS


def test_a_change_is_told_of_the_next_time_where_that_is_asked(acme: object) -> None:
    series = plan()
    with time_machine.travel(NOW, tick=False):
        change_series(series, a_plan(first=FIRST + HOUR), by=STAFF, is_told=True)
    moved = [one.updates.filter(changes_window=True, notifies=True) for one in waiting(series)]
    assert [told.count() for told in moved] == [1, 0, 0, 0, 0]


def test_one_time_that_was_moved_alone_stays_there(acme: object) -> None:
    series = plan()
    with time_machine.travel(NOW, tick=False):
        first = soonest(series)
        move_window(first, by=STAFF, start=NOW + 3 * DAY, end=NOW + 3 * DAY + HOUR)
        change_series(series, a_plan(first=FIRST + HOUR), by=STAFF)
        keep_ahead(series, at=NOW)
        skipped = waiting(series)[1]
        cancel_maintenance(skipped, by=STAFF)
        change_series(series, a_plan(first=FIRST + 2 * HOUR), by=STAFF)
    assert times(series) == ["04.03. 13:00", "21.03. 04:00", "28.03. 04:00", "04.04. 04:00"]
