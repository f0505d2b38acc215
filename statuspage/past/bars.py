"""A component's ninety days as few shapes: a run of equal days is one. Pure.

Each day is a bar `BAR` wide behind a gap; a run of days is one dashed stroke over them. Lengths
are in the units of the drawing, which is `DAY * len(days)` wide and `HEIGHT` high.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from incidents.models.vocabulary import ComponentStateName as State
from statuspage.uptime import Day

DAY, BAR, HEIGHT = 7, 5, 32
GAP = DAY - BAR
# However short a trouble was, its colour must be seen.
LOWEST = 12
STEP = 4


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive days that look alike; `height` is how far the solid colour rises."""

    first: date
    last: date
    state: State | None
    height: int
    x: int
    length: int
    path: str
    troubled: timedelta

    @property
    def is_troubled(self) -> bool:
        return self.state not in (None, State.OPERATIONAL)

    @property
    def middle(self) -> int:
        return HEIGHT // 2

    @property
    def solid_middle(self) -> int:
        return HEIGHT - self.height // 2

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last


def runs(days: Sequence[Day], *, paths: Mapping[date, str]) -> list[Run]:
    """Return the runs of a component's days; `paths` leads from a day to its incident."""
    return list(_runs(days, paths))


def _runs(days: Sequence[Day], paths: Mapping[date, str]) -> Iterator[Run]:
    looks = [(day.worst, _height(day), paths.get(day.date, "")) for day in days]
    for (state, height, path), group in groupby(range(len(days)), key=looks.__getitem__):
        alike = [*group]
        span = [days[index] for index in alike]
        yield Run(
            first=span[0].date,
            last=span[-1].date,
            state=state,
            height=height,
            x=alike[0] * DAY + GAP,
            length=len(span) * DAY - GAP,
            path=path,
            troubled=timedelta(seconds=sum(day.troubled for day in span)),
        )


def _height(day: Day) -> int:
    if day.worst in (None, State.OPERATIONAL) or not day.lived:
        return HEIGHT
    share = day.troubled / day.lived
    return max(LOWEST, round(HEIGHT * share / STEP) * STEP)
