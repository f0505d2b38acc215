"""When a rule comes again: as dateutil says, bounded, at the same hour of the wall clock."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from atender.refusals import Refused
from incidents.recurrence import Recurrence, check_recurrence, read_rule

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
SECOND = timedelta(seconds=1)


def starts(rule: str, first: datetime, most: int = 4) -> list[str]:
    """Local times of the first starts, as they stand on the wall."""
    zone: Any = first.tzinfo
    found = Recurrence(read_rule(rule), first, zone).next(first - SECOND, most)
    return [f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}" for at in found]


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        (
            "FREQ=WEEKLY;BYDAY=SU",
            datetime(2026, 3, 22, 2, 0, tzinfo=BERLIN),
            # 02:00 does not exist on the 29th; it is read by the offset before.
            ["2026-03-22 02:00 CET", "2026-03-29 03:00 CEST", "2026-04-05 02:00 CEST"],
        ),
        (
            "FREQ=WEEKLY;BYDAY=SU",
            datetime(2026, 10, 18, 2, 30, tzinfo=BERLIN),
            # 02:30 comes twice on the 25th; it is the first of the two.
            ["2026-10-18 02:30 CEST", "2026-10-25 02:30 CEST", "2026-11-01 02:30 CET"],
        ),
        (
            "FREQ=DAILY;COUNT=2",
            datetime(2026, 3, 28, 23, 30, tzinfo=BERLIN),
            ["2026-03-28 23:30 CET", "2026-03-29 23:30 CEST"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TU",
            datetime(2026, 1, 1, 2, 0, tzinfo=BERLIN),
            ["2026-01-06 02:00 CET", "2026-02-03 02:00 CET", "2026-03-03 02:00 CET"],
        ),
        (
            "FREQ=MONTHLY",
            datetime(2026, 1, 31, 2, 0, tzinfo=BERLIN),
            ["2026-01-31 02:00 CET", "2026-03-31 02:00 CEST", "2026-05-31 02:00 CEST"],
        ),
        (
            "FREQ=DAILY;UNTIL=20260102",
            datetime(2026, 1, 1, 23, 0, tzinfo=BERLIN),
            ["2026-01-01 23:00 CET", "2026-01-02 23:00 CET"],
        ),
        (
            "FREQ=DAILY;UNTIL=20260102T215959Z",
            datetime(2026, 1, 1, 23, 0, tzinfo=BERLIN),
            ["2026-01-01 23:00 CET"],
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            datetime(2026, 1, 1, 4, 0, tzinfo=UTC),
            ["2028-02-29 04:00 UTC", "2032-02-29 04:00 UTC"],
        ),
    ],
)
def test_a_rule_speaks_local_time(rule: str, first: datetime, expected: list[str]) -> None:
    assert starts(rule, first)[:3] == expected


RULES = st.one_of(
    st.builds(
        lambda freq, every, days: f"FREQ={freq};INTERVAL={every};BYDAY={','.join(sorted(days))}",
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
        st.integers(1, 5),
        st.sets(st.sampled_from(DAYS), min_size=1),
    ),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}".format, st.integers(1, 7), st.just(-1)),
    st.builds(
        "FREQ={};BYDAY={}{}".format,
        st.sampled_from(["MONTHLY", "YEARLY"]),
        st.sampled_from([-5, -2, -1, 1, 2, 5]),
        st.sampled_from(DAYS),
    ),
    st.builds("FREQ=YEARLY;BYYEARDAY={},{}".format, st.integers(1, 366), st.integers(-366, -1)),
    st.builds(
        "FREQ=YEARLY;INTERVAL={};BYMONTH={};BYDAY={}{}".format,
        st.integers(1, 3),
        st.integers(1, 12),
        st.sampled_from(["", "1", "-1"]),
        st.sampled_from(DAYS),
    ),
    st.builds("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}".format, st.sampled_from([-1, 1, 9])),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]).map("FREQ={}".format),
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 400)),
    st.builds("FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY={},SU".format, st.sampled_from(DAYS[:-1])),
)
FIRST = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


@given(RULES, FIRST)
@settings(max_examples=200, deadline=None)
def test_the_days_are_those_of_dateutil(rule: str, first: datetime) -> None:
    aware = first.replace(tzinfo=UTC)
    found = Recurrence(read_rule(rule), aware, ZoneInfo("UTC")).next(aware - SECOND, 12)
    expected = islice(iter(rrulestr(rule, dtstart=first)), len(found))
    assert [at.replace(tzinfo=None) for at in found] == list(expected)
    # A rule that goes on for ever is cut off by the scan alone.
    assert len(found) == 12 or "YEARLY" in rule or "INTERVAL" in rule or "5" in rule


@given(
    FIRST,
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY"]),
)
@settings(max_examples=100, deadline=None)
def test_the_hour_on_the_wall_stays(first: datetime, name: str, rule: str) -> None:
    zone = ZoneInfo(name)
    aware = first.replace(tzinfo=zone)
    begins = aware.astimezone(UTC).astimezone(zone)
    found = Recurrence(read_rule(rule), aware, zone).next(aware.astimezone(UTC) - SECOND, 400)
    for at in found:
        local = at.astimezone(zone)
        wanted = datetime.combine(local.date(), begins.time(), zone)
        is_skipped = wanted.astimezone(UTC).astimezone(zone).time() != begins.time()
        assert local.time() == begins.time() or is_skipped
    assert all(sooner < later for sooner, later in pairwise(found))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYSETPOS=300",
        "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=6",
        "FREQ=DAILY;UNTIL=20200101",
    ],
)
def test_a_rule_that_never_comes_is_refused_at_once(rule: str) -> None:
    first = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    recurrence = Recurrence(read_rule(rule), first, ZoneInfo("UTC"))
    began = process_time()
    with pytest.raises(Refused, match="names no day that lies ahead"):
        check_recurrence(recurrence, timedelta(hours=1), at=first)
    assert process_time() - began < 2


def test_one_ends_before_the_next_begins() -> None:
    first = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    daily = Recurrence(read_rule("FREQ=DAILY"), first, ZoneInfo("UTC"))
    check_recurrence(daily, timedelta(hours=24), at=first)
    with pytest.raises(Refused, match="begin before this one is over"):
        check_recurrence(daily, timedelta(hours=25), at=first)


def test_an_old_series_is_still_quick() -> None:
    first = datetime(2000, 1, 1, 2, 0, tzinfo=UTC)
    daily = Recurrence(read_rule("FREQ=DAILY"), first, ZoneInfo("UTC"))
    began = process_time()
    (next_one,) = daily.next(datetime(2026, 11, 2, 2, 0, tzinfo=UTC), 1)
    assert next_one == datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
    assert process_time() - began < 1
