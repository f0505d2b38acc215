"""A schedule by days, in the nights when the clock is moved too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.people.calendar import days, gaps, midnight, tonight
from alerts.people.rotation import Rotation, Turn

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 23)
ALL = {"a", "b", "c"}


def rotation(*people: str, overrides: tuple[Turn, ...] = ()) -> Rotation:
    return Rotation(people, BERLIN, MONDAY, time(9), overrides)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def test_a_handover_divides_its_day() -> None:
    (day,) = days(
        rotation("a", "b"), date(2026, 3, 30), 1, zone=BERLIN, able=ALL, now=at("2026-03-30 06:00")
    )
    assert [(p.person, p.left, p.width) for p in day.pieces] == [("a", 0, 37.5), ("b", 37.5, 62.5)]
    assert day.now == 25


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_night_in_which_the_clock_is_moved(day: date, hours: int) -> None:
    (shown,) = days(rotation("a"), day, 1, zone=BERLIN, able=ALL, now=at("2026-01-01"))
    assert shown.hours == hours
    assert [(p.left, p.width) for p in shown.pieces] == [(0, 100)]
    assert shown.now is None
    night = Turn("b", at(f"{day} 02:00", BERLIN), at(f"{day} 09:00", BERLIN))
    (moved,) = days(
        rotation("a", overrides=(night,)), day, 1, zone=BERLIN, able=ALL, now=at("2026-01-01")
    )
    stood_in = next(p for p in moved.pieces if p.person == "b")
    assert stood_in.stands_in
    real = (night.ends_at - night.starts_at) / timedelta(hours=1)
    assert stood_in.width == pytest.approx(real / hours * 100, abs=0.01)


def test_days_are_those_of_the_zone_in_which_they_are_read() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    (day,) = days(
        rotation("a", "b"), date(2026, 3, 30), 1, zone=tokyo, able=ALL, now=at("2026-01-01")
    )
    assert day.starts_at == midnight(date(2026, 3, 30), tokyo)
    # 09:00 in Berlin, in summer time since the day before, is 16:00 in Tokyo.
    assert day.pieces[0].width == pytest.approx(16 / 24 * 100, abs=0.01)


def test_nobody_is_a_gap() -> None:
    since, until = at("2026-03-23 09:00"), at("2026-04-13 09:00")
    assert gaps(rotation("a", "b"), since, until, ALL) == []
    assert gaps(rotation(), since, until, ALL) == [(since, until)]
    (gap,) = gaps(rotation("a", "b", "c"), since, until, {"a", "c"})
    assert gap == (at("2026-03-30 09:00"), at("2026-04-06 09:00"))
    stood_in = Turn("a", at("2026-03-30 09:00"), at("2026-04-01 09:00"))
    (rest,) = gaps(rotation("a", "b", "c", overrides=(stood_in,)), since, until, {"a", "c"})
    assert rest == (at("2026-04-01 09:00"), at("2026-04-06 09:00"))


@pytest.mark.parametrize(
    ("now", "since", "until"),
    [
        ("2026-03-28 12:00", "2026-03-28 18:00", "2026-03-29 09:00"),
        ("2026-03-28 21:30", "2026-03-28 21:30", "2026-03-29 09:00"),
        ("2026-03-29 03:30", "2026-03-29 03:30", "2026-03-29 09:00"),
        ("2026-03-29 09:00", "2026-03-29 18:00", "2026-03-30 09:00"),
    ],
)
def test_tonight(now: str, since: str, until: str) -> None:
    assert tonight(at(now), BERLIN) == (at(since), at(until))
