"""What staff say of a stretch of time comes before what was recorded. Pure arithmetic."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models.vocabulary import ComponentStateName as State
from statuspage.uptime import (
    MAINTENANCE_IS_DOWN,
    Amendment,
    Interval,
    Uptime,
    Window,
    assemble,
    seconds_by_day,
    uptime,
)
from tests.statuspage.test_uptime import NOW, ZONES, births, interval, intervals

LONG_AGO = NOW - timedelta(days=400)
HOUR = timedelta(hours=1)
DAY_S = 86_400


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def amendment(
    state: str | None, start: float, end: float, *, instead: tuple[float, float]
) -> Amendment:
    """`state` from `start` to `end` hours ago, in place of what was recorded in `instead`."""
    first, last = instead
    return Amendment(
        state,
        hours_ago(start),
        hours_ago(end),
        hours_ago(max(start, first)),
        hours_ago(min(end, last)),
    )


def measured(recorded: list[Interval], *said: Amendment, **options: object) -> Uptime:
    window = Window.ending(NOW, ZoneInfo("UTC"))
    return uptime(recorded, since=LONG_AGO, window=window, amendments=said, **options)  # type: ignore[arg-type]


OUTAGE = interval("major_outage", 10 * HOUR, 4 * HOUR)


def test_other_bounds_leave_the_rest_operational() -> None:
    shorter = amendment("major_outage", 9, 8, instead=(10, 6))
    today = measured([OUTAGE], shorter).days[-1]
    assert (today.worst, today.troubled, today.down) == (State.MAJOR_OUTAGE, 3600, 3600)


def test_another_state_counts_in_its_place() -> None:
    milder = amendment("degraded", 10, 6, instead=(10, 6))
    today = measured([OUTAGE], milder).days[-1]
    assert (today.worst, today.troubled, today.down) == (State.DEGRADED, 4 * 3600, 0)


def test_what_is_excluded_is_neither_up_nor_down() -> None:
    result = measured([OUTAGE], amendment(None, 10, 6, instead=(10, 6)))
    assert (result.days[-1].worst, result.days[-1].lived) == (State.OPERATIONAL, 8 * 3600)
    assert result.share == 1


def test_a_day_that_is_excluded_throughout_is_empty() -> None:
    result = measured([], amendment(None, 36, 12, instead=(36, 12)))
    assert (result.days[-2].worst, result.days[-2].lived) == (None, 0)
    assert result.share == 1


def test_without_anything_that_counts_there_is_no_figure() -> None:
    hours = 24 * 100
    assert measured([OUTAGE], amendment(None, hours, 0, instead=(hours, 0))).share is None


def test_the_newest_wins_where_two_overlap() -> None:
    first = amendment("partial_outage", 10, 6, instead=(10, 6))
    second = amendment("operational", 8, 6, instead=(8, 6))
    assert measured([OUTAGE], first, second).days[-1].down == pytest.approx(0.3 * 2 * 3600)
    assert measured([OUTAGE], second, first).days[-1].down == pytest.approx(0.3 * 4 * 3600)


def test_maintenance_is_down_where_the_page_says_so() -> None:
    work = interval("maintenance", 3 * HOUR, HOUR)
    assert measured([work]).share == 1
    assert measured([work], down_share=MAINTENANCE_IS_DOWN).days[-1].down == 3600


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2026-03-29", 23)])
def test_a_day_of_another_length_is_excluded_whole(day: str, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(day).replace(tzinfo=berlin).astimezone(UTC)
    end = start + timedelta(hours=hours)
    window = Window.ending(end + 60 * HOUR, berlin)
    half = Interval("major_outage", start, start + timedelta(hours=hours / 2))
    plain = uptime([half], since=LONG_AGO, window=window)
    index = window.day_of(start)
    assert (plain.days[index].lived, plain.days[index].down) == (hours * 3600, hours * 1800)
    out = Amendment(None, start, end, start, end)
    excluded = uptime([half], since=LONG_AGO, window=window, amendments=[out])
    assert excluded.days[index].worst is None
    assert excluded.share == 1
    kept = sum(day.lived for day in excluded.days)
    assert kept == sum(day.lived for day in plain.days) - hours * 3600


@st.composite
def amendments_(draw: st.DrawFn) -> list[Amendment]:
    """Up to six, of whole minutes; what is replaced holds the new bounds."""
    drawn = []
    for _ in range(draw(st.integers(0, 6))):
        minutes = sorted(
            draw(st.lists(st.integers(0, 130_000), min_size=4, max_size=4, unique=True))
        )
        first, start, end, last = (NOW - timedelta(minutes=m) for m in reversed(minutes))
        state = draw(st.sampled_from([None, *State]))
        drawn.append(Amendment(state, start, end, first, last))
    return drawn


def counts_at(moment: datetime, recorded: list[Interval], said: list[Amendment]) -> str | None:
    """The slow way: what a moment counts as."""
    for one in reversed(said):
        if one.started_at <= moment < one.ended_at:
            return one.state
        if one.replaces_from <= moment < one.replaces_until:
            return State.OPERATIONAL
    order = list(State)
    running = [i.state for i in recorded if i.started_at <= moment < (i.ended_at or NOW)]
    return max(running, key=lambda name: order.index(State(name)), default=State.OPERATIONAL)


def slowly(
    recorded: list[Interval], said: list[Amendment], since: datetime, window: Window
) -> dict[str | None, float]:
    start = max(since, window.start)
    marks = {start, NOW}
    marks |= {edge for i in recorded for edge in (i.started_at, i.ended_at) if edge}
    for one in said:
        marks |= {one.started_at, one.ended_at, one.replaces_from, one.replaces_until}
    edges = sorted(mark for mark in marks if start <= mark <= NOW)
    totals: dict[str | None, float] = {}
    for opens, closes in pairwise(edges):
        state = counts_at(opens, recorded, said)
        totals[state] = totals.get(state, 0) + (closes - opens).total_seconds()
    return totals


@given(intervals, amendments_(), births, st.sampled_from(ZONES))
def test_sums_agree_with_the_slow_way(
    recorded: list[Interval], said: list[Amendment], since: datetime, zone: ZoneInfo
) -> None:
    window = Window.ending(NOW, zone)
    result = uptime(recorded, since=since, window=window, amendments=said)
    totals = slowly(recorded, said, since, window)
    lived = sum(totals.values()) - totals.get(None, 0)
    down = totals.get(State.MAJOR_OUTAGE, 0) + 0.3 * totals.get(State.PARTIAL_OUTAGE, 0)
    assert sum(day.lived for day in result.days) == pytest.approx(lived, abs=1e-3)
    assert sum(day.down for day in result.days) == pytest.approx(down, abs=1e-3)
    if lived:
        assert result.share == pytest.approx(1 - down / lived, abs=1e-9)


@given(intervals, amendments_(), births, st.sampled_from(ZONES), st.integers(0, 89))
def test_days_that_were_kept_and_the_rest_are_the_same_as_all_at_once(
    recorded: list[Interval], said: list[Amendment], since: datetime, zone: ZoneInfo, first: int
) -> None:
    window = Window.ending(NOW, zone)
    kept = seconds_by_day(recorded, said, since=since, window=window)
    rest = seconds_by_day(recorded, said, since=since, window=window, first=first)
    joined = {**{index: kept[index] for index in kept if index < first}, **rest}
    together = assemble(joined, since=since, window=window)
    assert together == uptime(recorded, since=since, window=window, amendments=said)


@given(intervals, amendments_(), births, st.sampled_from(ZONES))
def test_withdrawing_all_is_as_if_nothing_had_been_said(
    recorded: list[Interval], said: list[Amendment], since: datetime, zone: ZoneInfo
) -> None:
    window = Window.ending(NOW, zone)
    over = [Amendment(None, NOW, NOW, NOW, NOW) for _ in said]
    plain = uptime(recorded, since=since, window=window)
    assert uptime(recorded, since=since, window=window, amendments=over) == plain
    amended = uptime(recorded, since=since, window=window, amendments=said)
    for day in amended.days:
        assert 0 <= day.down <= day.troubled + 1e-6 <= day.lived + 2e-6
        assert (day.worst is None) == (day.lived == 0)
