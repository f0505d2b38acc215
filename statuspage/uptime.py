"""Ninety days of a component, from its intervals. Pure: no ORM, no clock.

What counts as down: a major outage fully, a partial outage by three tenths, as is the custom of
hosted status pages. Degraded and planned maintenance count as up. Where intervals overlap, the
worst of them counts.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import floor
from typing import Self
from zoneinfo import ZoneInfo

from incidents.models.vocabulary import ComponentStateName as State

DAYS = 90
DOWN_SHARE = {State.PARTIAL_OUTAGE: 0.3, State.MAJOR_OUTAGE: 1.0}


@dataclass(frozen=True, slots=True)
class Interval:
    """Time spent in a state other than operational; `ended_at` None lasts until now."""

    state: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page's zone; all lengths in seconds.

    `worst` is None where the component did not exist. `lived` is how much of the day counts: less
    than its length on the first day and today. `troubled` is the time in any state other than
    operational, `down` that time weighted by how far the state is down.
    """

    date: date
    worst: State | None
    lived: float = 0.0
    troubled: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Uptime:
    """`share` is 0 to 1, None when the component has not lived within the window."""

    days: tuple[Day, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """The local days that are looked at; made once and used for every component.

    `calm` are the days of a component that lived through all of them untroubled. Days have 23 to
    25 hours where the zone changes its clock.
    """

    now: datetime
    midnights: tuple[datetime, ...]
    calm: tuple[Day, ...]

    @classmethod
    def ending(cls, now: datetime, zone: ZoneInfo, days: int = DAYS) -> Self:
        """The `days` local days of which today is the last."""
        first = now.astimezone(zone).date() - timedelta(days=days - 1)
        dates = [first + timedelta(days=n) for n in range(days + 1)]
        midnights = tuple(
            datetime.combine(local, time(), zone).astimezone(now.tzinfo) for local in dates
        )
        lengths = [min(end, now) - start for start, end in pairwise(midnights)]
        calm = tuple(
            Day(local, State.OPERATIONAL, length.total_seconds()) if length else Day(local, None)
            for local, length in zip(dates, lengths, strict=False)
        )
        return cls(now, midnights, calm)

    @property
    def start(self) -> datetime:
        return self.midnights[0]

    def day_of(self, at: datetime) -> int:
        """The index of the day in which a moment of the window lies."""
        return min(bisect_right(self.midnights, at), len(self.calm)) - 1


def uptime(intervals: Iterable[Interval], *, since: datetime, window: Window) -> Uptime:
    """Return the window's days and the share of time that the component was up.

    `since` is the component's beginning; days before it are empty. O(n log n) in the number of
    intervals, plus the days that they touch.
    """
    start = max(since, window.start)
    if start >= window.now:
        return Uptime(tuple(Day(day.date, None) for day in window.calm), None)
    days = list(window.calm)
    born = window.day_of(start)
    days[:born] = [Day(day.date, None) for day in days[:born]]
    days[born] = replace(
        days[born],
        lived=(min(window.midnights[born + 1], window.now) - start).total_seconds(),
    )
    touched = _spread(_worst_pieces(intervals, start, window.now), window)
    for index, parts in touched.items():
        days[index] = _troubled(days[index], parts)
    down = sum(days[index].down for index in touched)
    return Uptime(tuple(days), max(0.0, 1 - down / (window.now - start).total_seconds()))


def percent(share: float) -> str:
    """Write a share with three decimals, rounded down: 0.999999 is 99.999, only 1 is 100."""
    thousandths = floor(share * 100_000 + 1e-6)
    return "100" if thousandths >= 100_000 else f"{thousandths / 1000:.3f}"


@dataclass(frozen=True, slots=True)
class _Piece:
    state: State
    start: datetime
    end: datetime


def _worst_pieces(
    intervals: Iterable[Interval], start: datetime, end: datetime
) -> Iterator[_Piece]:
    """Yield non-overlapping pieces in order, each with the worst state of its time."""
    edges: list[tuple[datetime, int, State]] = []
    for interval in intervals:
        opens, closes = max(interval.started_at, start), min(interval.ended_at or end, end)
        if opens < closes and interval.state != State.OPERATIONAL:
            edges += [(opens, 1, State(interval.state)), (closes, -1, State(interval.state))]
    edges.sort(key=lambda edge: edge[0])
    running: Counter[State] = Counter()
    previous = start
    for at, step, state in edges:
        if at > previous and (worst := _worst(running)):
            yield _Piece(worst, previous, at)
        running[state] += step
        previous = at


def _worst(running: Counter[State]) -> State | None:
    return next((state for state in reversed(State) if running[state] > 0), None)


def _spread(pieces: Iterable[_Piece], window: Window) -> dict[int, list[tuple[State, float]]]:
    """Cut pieces at midnights; seconds by the index of the day."""
    by_day: dict[int, list[tuple[State, float]]] = {}
    for piece in pieces:
        index = window.day_of(piece.start)
        while index < len(window.calm) and window.midnights[index] < piece.end:
            opens = max(piece.start, window.midnights[index])
            lasting = min(piece.end, window.midnights[index + 1]) - opens
            by_day.setdefault(index, []).append((piece.state, lasting.total_seconds()))
            index += 1
    return by_day


def _troubled(day: Day, parts: Iterable[tuple[State, float]]) -> Day:
    seconds: dict[State, float] = defaultdict(float)
    for state, lasting in parts:
        seconds[state] += lasting
    return replace(
        day,
        worst=next(state for state in reversed(State) if state in seconds),
        troubled=sum(seconds.values()),
        down=sum(DOWN_SHARE.get(state, 0.0) * lasting for state, lasting in seconds.items()),
    )
