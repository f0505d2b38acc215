"""The days that a report is about, and the steps that it is cut into. Pure: no ORM, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from atender.refusals import Refused

Step = Literal["day", "week", "month"]
USUAL_DAYS, MOST_DAYS = 90, 1100
# Longer ones are cut into weeks, and then into months, so that a chart has some thirty columns.
BY_DAY, BY_WEEK = 31, 200
# Far from the calendar's first year, so that days before it can be reckoned.
EARLIEST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, `first` and `last` included."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def ending(cls, today: date, zone: ZoneInfo, days: int = USUAL_DAYS) -> Self:
        return cls(today - timedelta(days=days - 1), today, zone)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The moment after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        return "day" if self.days <= BY_DAY else "week" if self.days <= BY_WEEK else "month"

    def steps(self) -> Iterator[date]:
        """The first day of each step; that of the first one may lie before the period."""
        at = self.step_of(self.first)
        while at <= self.last:
            yield at
            at = self._next(at)

    def step_of(self, day: date) -> date:
        if self.step == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.step == "month" else day

    def _next(self, at: date) -> date:
        if self.step == "month":
            return (at + timedelta(days=32)).replace(day=1)
        return at + timedelta(days=7 if self.step == "week" else 1)


def period_between(first: date | None, last: date | None, *, today: date, zone: ZoneInfo) -> Period:
    """Return the period that was asked for; without days, the latest ninety. Raises Refused."""
    if any(day and day < EARLIEST for day in (first, last)):
        raise Refused(f"A report begins in {EARLIEST.year} at the earliest.", field="first")
    usual = timedelta(days=USUAL_DAYS - 1)
    last = last or (first + usual if first and first < today - usual else today)
    first = first or last - usual
    if first > last:
        raise Refused(f"The first day, {first}, lies after the last, {last}.", field="first")
    if first > today:
        raise Refused(f"Nothing has happened yet: {first} lies ahead.", field="first")
    period = Period(first, last, zone)
    if period.days > MOST_DAYS:
        raise Refused(
            f"A report spans {MOST_DAYS:,} days at most; these are {period.days:,}.", field="first"
        )
    return period
