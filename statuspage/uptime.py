"""Ninety days of a component, from its intervals. Pure: no ORM, no clock.

What counts as down: a major outage fully, a partial outage by three tenths, as is the custom of
hosted status pages. Degraded counts as up, and planned maintenance where the page says so. Where
intervals overlap, the worst of them counts; where staff amended them, the newest amendment does.

A day's seconds by state can be kept (`seconds_by_day`) and put together again later (`assemble`):
the days of the past as they were kept and the rest from intervals are the same as all from
intervals.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from math import floor
from typing import Self
from zoneinfo import ZoneInfo

from incidents.models.vocabulary import ComponentStateName as State

DAYS = 90
DOWN_SHARE = {State.PARTIAL_OUTAGE: 0.3, State.MAJOR_OUTAGE: 1.0}
MAINTENANCE_IS_DOWN = {**DOWN_SHARE, State.MAINTENANCE: 1.0}
# What a stretch of time is in that staff took out of the figures.
EXCLUDED = "excluded"
# Seconds in each state but operational, or excluded.
Seconds = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Interval:
    """Time spent in a state other than operational; `ended_at` None lasts until now."""

    state: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What staff say of a stretch of time: its state, or None to take it out of the figures.

    From `replaces_from` to `replaces_until` nothing else counts: what of it lies outside of
    `started_at` and `ended_at` was operational.
    """

    state: str | None
    started_at: datetime
    ended_at: datetime
    replaces_from: datetime
    replaces_until: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page's zone; all lengths in seconds.

    `worst` is None where nothing of the day counts. `lived` is how much of it does: less than its
    length on the first day, today, and where a part is excluded. `troubled` is the time in any
    state other than operational, `down` that time weighted by how far the state is down.
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


def uptime(
    intervals: Iterable[Interval],
    *,
    since: datetime,
    window: Window,
    amendments: Sequence[Amendment] = (),
    down_share: Mapping[State, float] = DOWN_SHARE,
) -> Uptime:
    """Return the window's days and the share of time that the component was up.

    `since` is the component's beginning; days before it are empty. `amendments` are in the order in
    which they were made. O(n log n) in the number of intervals, plus the days that they touch.
    """
    touched = seconds_by_day(intervals, amendments, since=since, window=window)
    return assemble(touched, since=since, window=window, down_share=down_share)


def seconds_by_day(
    intervals: Iterable[Interval],
    amendments: Sequence[Amendment] = (),
    *,
    since: datetime,
    window: Window,
    first: int = 0,
) -> dict[int, Seconds]:
    """Return the seconds by state of each day, from the window's day `first` on; calm ones none."""
    start = max(since, window.midnights[first])
    if start >= window.now:
        return {}
    return _spread(_pieces(intervals, amendments, start, window.now), window)


def assemble(
    touched: Mapping[int, Seconds],
    *,
    since: datetime,
    window: Window,
    down_share: Mapping[State, float] = DOWN_SHARE,
) -> Uptime:
    """Return the window's days from the seconds by state of those that were touched."""
    start = max(since, window.start)
    if start >= window.now:
        return Uptime(tuple(Day(day.date, None) for day in window.calm), None)
    days = list(window.calm)
    born = window.day_of(start)
    days[:born] = [Day(day.date, None) for day in days[:born]]
    length = (min(window.midnights[born + 1], window.now) - start).total_seconds()
    days[born] = Day(days[born].date, State.OPERATIONAL, length)
    for index, seconds in touched.items():
        if index >= born:
            days[index] = _troubled(days[index], seconds, down_share)
    lived = sum(day.lived for day in days)
    down = sum(days[index].down for index in touched)
    return Uptime(tuple(days), max(0.0, 1 - down / lived) if lived else None)


def percent(share: float) -> str:
    """Write a share with three decimals, rounded down: 0.999999 is 99.999, only 1 is 100."""
    thousandths = floor(share * 100_000 + 1e-6)
    return "100" if thousandths >= 100_000 else f"{thousandths / 1000:.3f}"


@dataclass(frozen=True, slots=True)
class _Piece:
    state: str
    start: datetime
    end: datetime


# A moment, whether something begins (1) or ends (-1), its layer, its state. The lowest layer, 0,
# is what was recorded; of those above it the highest counts.
_Edge = tuple[datetime, int, int, str]


def _pieces(
    intervals: Iterable[Interval],
    amendments: Sequence[Amendment],
    start: datetime,
    end: datetime,
) -> Iterator[_Piece]:
    """Yield non-overlapping pieces in order, each with what counts of its time."""
    layers = [(0, i.state, i.started_at, i.ended_at or end) for i in intervals]
    layers += [(n, *said) for n, said in enumerate(_statements(amendments), start=1)]
    edges: list[_Edge] = []
    for layer, state, started_at, ended_at in layers:
        opens, closes = max(started_at, start), min(ended_at, end)
        if opens < closes:
            edges += [(opens, 1, layer, state), (closes, -1, layer, state)]
    edges.sort(key=lambda edge: edge[0])
    return _walk(edges)


def _statements(
    amendments: Iterable[Amendment],
) -> Iterator[tuple[str, datetime, datetime]]:
    for one in amendments:
        yield State.OPERATIONAL, one.replaces_from, one.replaces_until
        yield one.state or EXCLUDED, one.started_at, one.ended_at


def _walk(edges: Iterable[_Edge]) -> Iterator[_Piece]:
    recorded: Counter[str] = Counter()
    said: dict[int, str] = {}
    previous: datetime | None = None
    for at, here in groupby(edges, key=lambda edge: edge[0]):
        state = said[max(said)] if said else _worst(recorded)
        if previous is not None and state != State.OPERATIONAL:
            yield _Piece(state, previous, at)
        for _, step, layer, name in here:
            if not layer:
                recorded[name] += step
            elif step > 0:
                said[layer] = name
            else:
                said.pop(layer)
        previous = at


def _worst(running: Mapping[str, int]) -> str:
    return next((state for state in reversed(State) if running.get(state, 0)), State.OPERATIONAL)


def _spread(pieces: Iterable[_Piece], window: Window) -> dict[int, Seconds]:
    """Cut pieces at midnights; seconds by state, by the index of the day."""
    by_day: dict[int, dict[str, float]] = {}
    for piece in pieces:
        index = window.day_of(piece.start)
        while index < len(window.calm) and window.midnights[index] < piece.end:
            opens = max(piece.start, window.midnights[index])
            lasting = min(piece.end, window.midnights[index + 1]) - opens
            seconds = by_day.setdefault(index, defaultdict(float))
            seconds[str(piece.state)] += lasting.total_seconds()
            index += 1
    return {index: dict(seconds) for index, seconds in by_day.items()}


def _troubled(day: Day, seconds: Seconds, down_share: Mapping[State, float]) -> Day:
    # Rounded to what the clock knows: a wholly excluded day is to have nothing left.
    lived = round(day.lived - seconds.get(EXCLUDED, 0.0), 6)
    if lived <= 0:
        return Day(day.date, None)
    by_state = {state: seconds[state] for state in State if seconds.get(state)}
    return Day(
        day.date,
        worst=next((state for state in reversed(State) if state in by_state), State.OPERATIONAL),
        lived=lived,
        troubled=sum(by_state.values()),
        down=sum(down_share.get(state, 0.0) * lasting for state, lasting in by_state.items()),
    )
