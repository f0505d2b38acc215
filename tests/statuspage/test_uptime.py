from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models.vocabulary import ComponentStateName as State
from statuspage.uptime import DOWN_SHARE, Day, Interval, Uptime, Window, percent, uptime

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
DAY_S = 86_400
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata")]


def measured(*intervals: Interval, since: datetime = LONG_AGO, zone: str = "UTC") -> Uptime:
    return uptime(intervals, since=since, window=Window.ending(NOW, ZoneInfo(zone)))


def interval(state: str, start: timedelta, lasting: timedelta) -> Interval:
    """An interval that began `start` before now."""
    return Interval(state, NOW - start, NOW - start + lasting)


def of_days_ago(result: Uptime, days: int) -> Day:
    return result.days[-1 - days]


def test_an_untroubled_component_was_up_all_the_time() -> None:
    result = measured()
    assert result.share == 1
    assert len(result.days) == 90
    assert {day.worst for day in result.days} == {State.OPERATIONAL}
    assert result.days[-1].date == NOW.date()
    assert result.days[-1].lived == DAY_S / 2


@pytest.mark.parametrize(
    ("state", "down_s"),
    [("major_outage", 3600), ("partial_outage", 1080), ("degraded", 0), ("maintenance", 0)],
)
def test_an_hour_counts_by_how_far_the_state_is_down(state: str, down_s: int) -> None:
    result = measured(interval(state, timedelta(days=3), timedelta(hours=1)))
    day = of_days_ago(result, 3)
    assert (str(day.worst), day.troubled) == (state, 3600)
    assert day.down == pytest.approx(down_s)
    assert result.share == pytest.approx(1 - down_s / (89.5 * DAY_S))


def test_an_outage_over_midnight_belongs_to_both_days() -> None:
    result = measured(interval("major_outage", timedelta(hours=36, minutes=30), timedelta(hours=1)))
    assert of_days_ago(result, 2).down == 1800
    assert of_days_ago(result, 1).down == 1800


def test_midnight_is_the_zones_own() -> None:
    late = interval("major_outage", timedelta(hours=12, minutes=30), timedelta(minutes=20))
    assert of_days_ago(measured(late), 1).worst == State.MAJOR_OUTAGE
    assert of_days_ago(measured(late, zone="Europe/Berlin"), 0).worst == State.MAJOR_OUTAGE


def test_what_overlaps_counts_once_and_at_its_worst() -> None:
    result = measured(
        interval("major_outage", timedelta(hours=10), timedelta(hours=1)),
        interval("partial_outage", timedelta(hours=11), timedelta(hours=3)),
    )
    today = of_days_ago(result, 0)
    assert today.worst == State.MAJOR_OUTAGE
    assert today.troubled == 3 * 3600
    assert today.down == pytest.approx(3600 + 0.3 * 2 * 3600)


def test_days_before_it_existed_are_empty_and_do_not_count() -> None:
    born_at = NOW - timedelta(days=9, hours=12)
    result = measured(
        interval("major_outage", timedelta(days=20), timedelta(days=15)), since=born_at
    )
    assert [day.worst for day in result.days[:80]] == [None] * 80
    assert result.days[80].worst == State.MAJOR_OUTAGE
    assert result.share == pytest.approx(1 - 4.5 / 9.5)


def test_without_any_life_there_is_no_figure() -> None:
    result = measured(since=NOW)
    assert result.share is None
    assert {day.worst for day in result.days} == {None}


def test_an_open_interval_lasts_until_now() -> None:
    result = measured(Interval("major_outage", NOW - timedelta(minutes=90)))
    assert of_days_ago(result, 0).down == 5400


def test_a_day_has_25_hours_when_the_clock_goes_back() -> None:
    result = measured(zone="Europe/Berlin")
    (longest,) = [day for day in result.days if day.lived > DAY_S]
    assert (longest.date.isoformat(), longest.lived) == ("2026-10-25", 25 * 3600)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1, "100"),
        (0.9999999, "99.999"),
        (0.99982, "99.982"),
        (0.9997, "99.970"),
        (0.5, "50.000"),
        (0, "0.000"),
    ],
)
def test_a_percentage_never_rounds_trouble_away(share: float, text: str) -> None:
    assert percent(share) == text


intervals = st.lists(
    st.builds(
        interval,
        st.sampled_from(State),
        st.timedeltas(timedelta(0), timedelta(days=120)),
        st.timedeltas(timedelta(0), timedelta(days=40)),
    ),
    max_size=12,
)
births = st.timedeltas(timedelta(minutes=1), timedelta(days=200)).map(lambda age: NOW - age)


def second_by_second(given_: list[Interval], since: datetime, zone: ZoneInfo) -> float:
    """The slow way: the weighted time down between the edges of all intervals."""
    start = max(since, Window.ending(NOW, zone).start)
    marks = {start, NOW}
    marks |= {edge for i in given_ for edge in (i.started_at, i.ended_at) if edge}
    edges = sorted(mark for mark in marks if start <= mark <= NOW)
    down = 0.0
    for opens, closes in pairwise(edges):
        weights = [
            DOWN_SHARE.get(State(i.state), 0)
            for i in given_
            if i.started_at <= opens and (i.ended_at or NOW) >= closes
        ]
        down += max(weights, default=0) * (closes - opens).total_seconds()
    return down


@given(intervals, births, st.sampled_from(ZONES))
def test_it_agrees_with_the_slow_way(
    given_: list[Interval], since: datetime, zone: ZoneInfo
) -> None:
    result = uptime(given_, since=since, window=Window.ending(NOW, zone))
    assert sum(day.down for day in result.days) == pytest.approx(
        second_by_second(given_, since, zone), abs=1e-3
    )


@given(intervals, births, st.sampled_from(ZONES))
def test_no_day_holds_more_than_itself(
    given_: list[Interval], since: datetime, zone: ZoneInfo
) -> None:
    result = uptime(given_, since=since, window=Window.ending(NOW, zone))
    assert result.share is not None
    assert 0 <= result.share <= 1
    for day in result.days:
        assert 0 <= day.down <= day.troubled <= day.lived + 1e-6
        assert (day.worst is None) == (day.lived == 0)
        assert (day.troubled > 0) == (day.worst not in (None, State.OPERATIONAL))
