"""Days that are over are added up once, and anew when the past is told otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from atender.due.work import is_scheduled
from incidents.lifecycle import post_update
from incidents.models import Component, StateInterval
from incidents.spans import Span
from incidents.states import keep_spans
from incidents.transitions import Saying
from statuspage.look.branding import change_branding
from statuspage.models import UptimeDay, UptimeMark
from statuspage.past.rolling import ROLLING, roll_page, unrolled
from statuspage.past.uptimes import read_uptimes, window_of
from statuspage.uptime import Interval, Uptime, Window, uptime
from tests.factories import STAFF, component, default_page, make_incident, partner_page

pytestmark = pytest.mark.usefixtures("acme")

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)


def born_long_ago(name: str = "API") -> Component:
    Component.objects.filter(name=name).update(started_at=NOW - timedelta(days=300))
    return component(name)


def down(component_: Component, days_ago: float, hours: float, state: str = "major_outage") -> None:
    start = NOW - timedelta(days=days_ago)
    span = Span(component_.id, state, start, start + timedelta(hours=hours))
    keep_spans([span], page_ids=[default_page().id])


def as_read(component_: Component, now: datetime = NOW) -> Uptime:
    page = default_page()
    zone = page.branding.zone
    found = read_uptimes(page, [component_], window=window_of(page, now), zone=zone)
    return found[component_.id]


def from_scratch(component_: Component, now: datetime = NOW) -> Uptime:
    """The figure from all intervals, by the pure function alone."""
    rows = StateInterval.objects.filter(component=component_, page=default_page())
    intervals = [Interval(row.state, row.started_at, row.ended_at) for row in rows]
    window = Window.ending(now, default_page().branding.zone)
    return uptime(intervals, since=component_.started_at, window=window)


def mark() -> UptimeMark:
    return UptimeMark.objects.get(page=default_page(), component=component())


def test_what_is_added_up_reads_as_what_is_worked_out() -> None:
    api = born_long_ago()
    down(api, 40, 30)
    down(api, 12.2, 1, "partial_outage")
    down(api, 0.3, 2)
    before = as_read(api)
    roll_page(default_page(), now=NOW)
    assert mark().rolled_until == MIDNIGHT
    assert UptimeDay.objects.count() == 3
    assert as_read(api) == before == from_scratch(api)


def test_calm_days_take_no_row_and_today_none() -> None:
    api = born_long_ago()
    down(api, 0.3, 2)
    roll_page(default_page(), now=NOW)
    assert not UptimeDay.objects.exists()
    assert as_read(api).days[-1].troubled == 2 * 3600


def test_a_late_backfill_counts_at_once_and_is_added_up_after() -> None:
    api = born_long_ago()
    down(api, 30, 1)
    roll_page(default_page(), now=NOW)
    down(api, 50, 3)
    assert mark().rolled_until == NOW - timedelta(days=50)
    late = as_read(api)
    assert late == from_scratch(api)
    assert late.days[-51].down == 3 * 3600
    roll_page(default_page(), now=NOW)
    assert mark().rolled_until == MIDNIGHT
    assert as_read(api) == late


def test_an_interval_that_ends_sets_nothing_back_and_one_that_goes_does() -> None:
    api = born_long_ago()
    row = StateInterval.objects.create(
        component=api, page=default_page(), state="degraded", started_at=NOW - timedelta(days=9)
    )
    roll_page(default_page(), now=NOW)
    row.ended_at = NOW - HOUR
    row.save()
    assert mark().rolled_until == MIDNIGHT
    assert as_read(api) == from_scratch(api)
    row.ended_at = NOW - timedelta(days=3)
    row.save()
    assert mark().rolled_until == NOW - timedelta(days=3)
    assert as_read(api) == from_scratch(api)
    row.delete()
    assert mark().rolled_until == NOW - timedelta(days=9)
    roll_page(default_page(), now=NOW)
    assert as_read(api).share == 1
    assert not UptimeDay.objects.exists()


def test_another_zone_cuts_the_days_anew() -> None:
    api = born_long_ago()
    down(api, 5.49, 3)
    roll_page(default_page(), now=NOW)
    change_branding(default_page(), by=STAFF, time_zone="Pacific/Auckland")
    moved = as_read(api)
    assert moved == from_scratch(api)
    roll_page(default_page(), now=NOW)
    assert mark().time_zone == "Pacific/Auckland"
    assert as_read(api) == moved
    assert sum(day.down for day in moved.days) == 3 * 3600


def test_another_beginning_counts_anew() -> None:
    api = born_long_ago()
    down(api, 20, 48)
    roll_page(default_page(), now=NOW)
    Component.objects.filter(pk=api.pk).update(started_at=NOW - timedelta(days=19))
    api = component()
    assert as_read(api) == from_scratch(api)
    roll_page(default_page(), now=NOW)
    assert as_read(api) == from_scratch(api)


@pytest.mark.parametrize("days", [1, 3, 40])
def test_days_go_on_being_added_up(days: int) -> None:
    api = born_long_ago()
    down(api, 2, 5)
    roll_page(default_page(), now=NOW)
    down(api, -0.4, 2)
    later = NOW + timedelta(days=days)
    assert as_read(api, later) == from_scratch(api, later)
    roll_page(default_page(), now=later)
    assert as_read(api, later) == from_scratch(api, later)


def test_what_is_older_than_is_kept_goes() -> None:
    api = born_long_ago()
    down(api, 60, 5)
    roll_page(default_page(), now=NOW)
    roll_page(default_page(), now=NOW + timedelta(days=420))
    assert not UptimeDay.objects.exists()


def test_it_is_promised_when_something_happens_and_ends_when_nothing_does(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        incident = make_incident()
    page = default_page()
    assert is_scheduled(ROLLING, page.id)
    assert not is_scheduled(ROLLING, partner_page().id)
    now = datetime.now(UTC)
    again_at = roll_page(page, now=now)
    assert again_at is not None
    assert again_at > now
    assert not unrolled(page, window_of(page, now).midnights[-2]).exists()
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert roll_page(page, now=now + timedelta(days=2)) is None
