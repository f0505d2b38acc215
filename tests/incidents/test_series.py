"""Planned work that comes again: written down ahead, changed, skipped, ended."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from atender.due.models import Due
from atender.due.work import Lease
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from incidents.lifecycle import delete_incident
from incidents.models import AuditEntry, Incident, MaintenanceSeries
from incidents.planned.planning import cancel_maintenance
from incidents.planned.series import (
    SeriesEnded,
    change_series,
    end_series,
    keep_ahead,
    plan_series,
)
from incidents.tasks import keep_series_ahead
from subscribers.models import Notice
from tests.factories import STAFF, default_page
from tests.incidents.planned import DAY, HOUR, clock_strikes
from tests.incidents.recurring import (
    NOW,
    SUNDAYS,
    WEEK,
    a_plan,
    plan,
    soonest,
    times,
)
from tests.incidents.test_races import at_once


def test_the_next_five_weeks_are_written_down(acme: object) -> None:
    series = plan()
    assert times(series) == SUNDAYS
    first = soonest(series)
    assert first.title == "Weekly restart"
    assert (first.scheduled_until or NOW) - (first.scheduled_for or NOW) == HOUR
    assert list(first.pages.all()) == [default_page()]
    assert first.impacts.get().state == "maintenance"
    assert first.notice_before == DAY
    assert AuditEntry.objects.filter(action="series.planned", subject_id=series.pk).count() == 1
    assert Notice.objects.count() == 1


def test_it_goes_on_by_itself_and_adds_nothing_twice(acme: object) -> None:
    series = plan()
    for hours in range(0, 24 * 16, 12):
        clock_strikes(NOW + hours * HOUR)
    done = series.occurrences.filter(status="completed").count()
    assert done == 2
    assert times(series) == [*SUNDAYS[2:], "11.04. 02:00", "18.04. 02:00"]
    assert {one.by_kind for one in series.occurrences.filter(title="Weekly restart")} == {
        "person",
        "schedule",
    }


def test_looking_again_adds_nothing(acme: object) -> None:
    series = plan()
    for _ in range(3):
        keep_ahead(series, at=NOW)
    assert series.occurrences.count() == 5


def test_a_clock_that_jumped_adds_nothing_twice(acme: object) -> None:
    series = plan()
    keep_ahead(series, at=NOW + 3 * WEEK)
    keep_ahead(series, at=NOW - WEEK)
    starts = [one.occurs_at for one in series.occurrences.all()]
    assert len(starts) == len(set(starts)) == 8


def test_one_that_comes_seldom_is_always_known(acme: object) -> None:
    series = plan("FREQ=YEARLY")
    assert times(series) == ["07.03. 02:00"]
    clock_strikes(NOW + WEEK)
    clock_strikes(NOW + WEEK + HOUR)
    assert series.occurrences.count() == 2
    (due,) = Due.objects.filter(kind="incidents.series")
    assert due.due_at > NOW + 300 * DAY


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;UNTIL=20940314"])
def test_one_that_runs_out_ends_by_itself(acme: object, rule: str) -> None:
    series = plan(rule)
    assert times(series) == SUNDAYS[:2]
    for days in range(30):
        clock_strikes(NOW + days * DAY)
    assert series.occurrences.filter(status="completed").count() == 2
    assert not Due.objects.filter(kind__startswith="incidents.").exists()


def test_a_time_that_was_skipped_or_deleted_does_not_come_back(acme: object) -> None:
    series = plan()
    with time_machine.travel(NOW, tick=False):
        first, second = series.occurrences.order_by("scheduled_for")[:2]
        cancel_maintenance(first, by=STAFF)
        delete_incident(second, by=STAFF)
        keep_ahead(series, at=NOW)
    assert times(series) == SUNDAYS[2:]


def test_the_database_holds_each_time_once(acme: object) -> None:
    first, second = plan().occurrences.order_by("scheduled_for")[:2]
    with pytest.raises(IntegrityError, match="occurrence_once"), transaction.atomic():
        Incident.objects.filter(pk=second.pk).update(occurs_at=first.occurs_at)


@pytest.mark.parametrize("is_told", [True, False])
def test_the_end_withdraws_what_lies_ahead(acme: object, is_told: bool) -> None:
    series = plan()
    announced = soonest(series)
    with time_machine.travel(NOW, tick=False):
        end_series(series, by=STAFF, is_told=is_told)
        announced.refresh_from_db()
        assert announced.status == "cancelled"
        assert announced.updates.latest("id").notifies is is_told
        assert [one.pk for one in series.occurrences.kept()] == [announced.pk]
        keep_ahead(series, at=NOW)
        assert times(series) == []
        with pytest.raises(SeriesEnded, match="plan a new one"):
            end_series(series, by=STAFF)
        with pytest.raises(SeriesEnded, match="plan a new one"):
            change_series(series, a_plan(), by=STAFF)
    assert not Due.objects.filter(kind__startswith="incidents.").exists()


def test_what_runs_goes_on_after_the_end(acme: object) -> None:
    series = plan()
    first = soonest(series)
    assert first.scheduled_for
    clock_strikes(first.scheduled_for)
    with time_machine.travel(first.scheduled_for + HOUR / 2, tick=False):
        end_series(series, by=STAFF)
    first.refresh_from_db()
    assert first.status == "in_progress"


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"rule": "FREQ=DAILY;UNTIL=20200101"}, "names no day"),
        ({"duration": timedelta(0)}, "up to 30 days"),
        ({"duration": 31 * DAY}, "up to 30 days"),
        ({"duration": 8 * DAY}, "begin before this one is over"),
        ({"title": " "}, "A title is empty"),
        ({"notice_before": timedelta(0)}, "between 1 minute"),
        ({"impacts": {"01JD0000000000000000000000": "red"}}, "'red' is no state"),
        ({"body": "x" * 20_001}, "at most 20,000"),
    ],
)
def test_a_bad_plan_leaves_nothing(acme: object, how: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        plan(**how)
    assert not MaintenanceSeries.objects.exists()
    assert not Incident.objects.exists()


@pytest.mark.usefixtures("fresh_database")
def test_two_clocks_write_each_time_down_once() -> None:
    with in_tenant("acme"):
        series = plan()
        Incident.objects.filter(series=series).exclude(pk=soonest(series).pk).update(occurs_at=None)
    with time_machine.travel(NOW, tick=False):
        look = lambda: keep_series_ahead(series.pk, Lease(0, 0))  # noqa: E731
        outcomes = at_once(look, look, look)
    assert outcomes == [None, None, None]
    with in_tenant("acme"):
        assert series.occurrences.exclude(occurs_at=None).count() == 5


@pytest.mark.usefixtures("fresh_database")
def test_a_double_click_plans_one_series() -> None:
    def click() -> MaintenanceSeries:
        with time_machine.travel(NOW, tick=False):
            return plan_series(a_plan(), by=STAFF, submission_id="01JD0000000000000000000000")

    outcomes = at_once(click, click, click)
    assert len({series.pk for series in outcomes}) == 1
    with in_tenant("acme"):
        assert MaintenanceSeries.objects.get().occurrences.count() == 5
