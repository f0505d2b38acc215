"""The days of a report and how they are cut."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assist.reports.periods import MOST_DAYS, Period, period_between
from atender.refusals import Refused

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 28)


def between(first: date | None = None, last: date | None = None) -> Period:
    return period_between(first, last, today=TODAY, zone=BERLIN)


def test_the_latest_ninety_days_unless_told() -> None:
    period = between()
    assert (period.last, period.days, period.step) == (TODAY, 90, "week")
    assert between(date(2026, 1, 1)).last == date(2026, 3, 31)
    assert between(None, date(2026, 1, 31)).first == date(2025, 11, 3)


def test_days_are_the_zones_own_also_where_the_clock_changes() -> None:
    period = between(date(2026, 3, 29), date(2026, 3, 29))
    assert period.start.astimezone(UTC) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert period.end.astimezone(UTC) == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "step", "steps"),
    [(1, "day", 1), (31, "day", 31), (90, "week", 13), (365, "month", 13)],
)
def test_long_ones_are_cut_coarsely(days: int, step: str, steps: int) -> None:
    period = Period.ending(TODAY, BERLIN, days)
    assert (period.step, len(list(period.steps()))) == (step, steps)
    assert all(period.step_of(at) == at for at in period.steps())


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "lies after the last"),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2), "lies ahead"),
        (TODAY - timedelta(days=MOST_DAYS), TODAY, "at most"),
        (date.max, None, "lies after the last"),
        (None, date.max, "lies ahead"),
        (TODAY, date.max, "at most"),
        (date.min, None, "1970"),
        (None, date.min, "1970"),
    ],
)
def test_what_is_no_period_is_refused(first: date | None, last: date | None, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        between(first, last)
