"""Whose duty it is, at any moment of any year."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alerts.people.rotation import Rotation, Turn

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
ZONES = [ZoneInfo(n) for n in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 86_400).map(lambda s: NEW_YEAR + timedelta(seconds=s))
rotations = st.builds(
    Rotation,
    people=st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True),
    zone=st.sampled_from(ZONES),
    starts_on=st.dates(date(2025, 12, 1), date(2026, 2, 1)),
    handover_at=st.times().map(lambda t: t.replace(microsecond=0)),
    overrides=st.lists(
        st.builds(
            lambda who, at, hours: Turn(who, at, at + timedelta(hours=hours)),
            st.sampled_from("xyz"),
            moments,
            st.integers(1, 200),
        ),
        max_size=3,
    ),
)


def weekly(*people: str, **changes: object) -> Rotation:
    values = {"zone": BERLIN, "starts_on": MONDAY, "handover_at": time(9), **changes}
    return Rotation(people, **values)  # type: ignore[arg-type]


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_it_is_handed_over_on_the_weekday_at_the_hour() -> None:
    rotation = weekly("a", "b", "c")
    assert rotation.who(berlin(3, 2, 9)) == "a"
    assert rotation.who(berlin(3, 9, 8, 59)) == "a"
    assert rotation.who(berlin(3, 9, 9)) == "b"
    assert rotation.who(berlin(3, 23, 9)) == "a"


def test_before_the_first_handover_the_first_has_it() -> None:
    assert weekly("a", "b").who(berlin(1, 1, 0)) == "a"


def test_nobody_is_in_an_empty_rotation() -> None:
    assert weekly().who(berlin(3, 9, 9)) is None
    assert not list(weekly().turns(berlin(3, 1, 0), berlin(4, 1, 0)))


def test_in_the_night_of_the_clock_change_the_hour_stays_local() -> None:
    rotation = weekly("a", "b", starts_on=date(2026, 3, 22), handover_at=time(2, 30))
    # 02:30 of 29 March is skipped in Berlin; the handover is one moment all the same.
    handover = rotation.handover(1)
    assert rotation.who(handover - timedelta(seconds=1)) == "a"
    assert rotation.who(handover) == "b"
    assert rotation.handover(2) == berlin(4, 5, 2, 30)
    in_autumn = weekly("a", "b", starts_on=date(2026, 10, 18), handover_at=time(2, 30))
    assert in_autumn.who(in_autumn.handover(1)) == "b"


def test_who_stands_in_has_it_and_the_newest_counts() -> None:
    first = Turn("x", berlin(3, 3, 0), berlin(3, 5, 0))
    second = Turn("y", berlin(3, 4, 0), berlin(3, 4, 12))
    rotation = weekly("a", "b", overrides=[first, second])
    assert [rotation.who(berlin(3, day, 6)) for day in (2, 3, 4, 5)] == ["a", "x", "y", "a"]
    assert rotation.who(berlin(3, 4, 12)) == "x"


@given(rotations, moments, st.integers(1, 60))
def test_turns_lie_side_by_side_and_say_what_each_moment_says(
    rotation: Rotation, since: datetime, days: int
) -> None:
    until = since + timedelta(days=days)
    turns = list(rotation.turns(since, until))
    assert (turns[0].starts_at, turns[-1].ends_at) == (since, until)
    for before, after in pairwise(turns):
        assert before.ends_at == after.starts_at
        assert before.person != after.person
    for turn in turns:
        middle = turn.starts_at + (turn.ends_at - turn.starts_at) / 2
        assert rotation.who(turn.starts_at) == rotation.who(middle) == turn.person


@given(rotations, moments)
def test_a_week_begins_at_or_before_each_of_its_moments(rotation: Rotation, at: datetime) -> None:
    week = rotation.week_of(at)
    assert rotation.handover(week) <= at < rotation.handover(week + 1)
