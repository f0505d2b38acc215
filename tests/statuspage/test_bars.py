from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from incidents.models.vocabulary import ComponentStateName as State
from statuspage.past.bars import DAY, GAP, HEIGHT, LOWEST, runs
from statuspage.uptime import Day, Interval, Window, uptime

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WINDOW = Window.ending(NOW, ZoneInfo("UTC"))


def days_of(*intervals: Interval, age: int = 400) -> tuple[Day, ...]:
    since = NOW - timedelta(days=age)
    return uptime(intervals, since=since, window=WINDOW).days


def outage(days_ago: int, hours: float) -> Interval:
    start = (NOW - timedelta(days=days_ago)).replace(hour=0)
    return Interval("major_outage", start, start + timedelta(hours=hours))


def test_ninety_equal_days_are_one_shape() -> None:
    (run,) = runs(days_of(), paths={})
    assert (run.x, run.length) == (GAP, 90 * DAY - GAP)


def test_a_bad_day_stands_alone_as_high_as_its_share() -> None:
    before, bad, after = runs(days_of(outage(10, 12)), paths={})
    assert (bad.state, bad.height, bad.is_one_day) == (State.MAJOR_OUTAGE, HEIGHT // 2, True)
    assert bad.troubled == timedelta(hours=12)
    assert before.length + bad.length + after.length + 3 * GAP == 90 * DAY


def test_a_minute_is_still_seen() -> None:
    _, bad, _ = runs(days_of(outage(10, 1 / 60)), paths={})
    assert bad.height == LOWEST


def test_equal_bad_days_of_different_incidents_stay_apart() -> None:
    days = days_of(outage(10, 6), outage(9, 6))
    assert len(runs(days, paths={})) == 3
    paths = {days[-11].date: "/incidents/A", days[-10].date: "/incidents/B"}
    assert [run.path for run in runs(days, paths=paths)] == ["", "/incidents/A", "/incidents/B", ""]


def test_days_before_it_existed_are_a_run_without_state() -> None:
    empty, lived = runs(days_of(age=30), paths={})
    assert (empty.state, lived.state) == (None, State.OPERATIONAL)
    assert not empty.is_troubled


@given(st.lists(st.tuples(st.integers(1, 89), st.floats(0.1, 24)), max_size=20))
def test_runs_cover_every_day_once_and_in_order(outages: list[tuple[int, float]]) -> None:
    days = days_of(*(outage(ago, hours) for ago, hours in outages))
    found = runs(days, paths={})
    assert sum((run.last - run.first).days + 1 for run in found) == 90
    assert [run.x for run in found] == sorted(run.x for run in found)
    assert all(LOWEST <= run.height <= HEIGHT for run in found)
