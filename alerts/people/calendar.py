"""A schedule by days: who has the duty from when to when, and where nobody has. No ORM, no clock.

A day is from midnight to midnight in the zone in which it is read, so that the night in which the
clock is moved has 23 or 25 hours; places in it are shares of its real length.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.people.rotation import Rotation, Turn

DAY = timedelta(days=1)
HOUR_S = 3600
# When the evening of "tonight" begins, and when its night is over.
EVENING, MORNING = time(18), time(9)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a day; `person` None means nobody. `left` and `width` in hundredths."""

    person: str | None
    starts_at: datetime
    ends_at: datetime
    left: float
    width: float
    stands_in: bool


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    starts_at: datetime
    ends_at: datetime
    pieces: Sequence[Piece]
    now: float | None

    @property
    def hours(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / HOUR_S)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def covered(
    rotation: Rotation, since: datetime, until: datetime, able: Collection[str]
) -> Iterator[tuple[str | None, datetime, datetime]]:
    """Return the duty without gaps; whoever is not `able` counts as nobody."""
    at = since
    for turn in [*rotation.turns(since, until), Turn("", until, until)]:
        person = turn.person if turn.person in able else None
        if turn.starts_at > at:
            yield None, at, turn.starts_at
        if turn.ends_at > turn.starts_at:
            yield person, turn.starts_at, turn.ends_at
        at = turn.ends_at


def gaps(
    rotation: Rotation, since: datetime, until: datetime, able: Collection[str]
) -> list[tuple[datetime, datetime]]:
    """Return the times when nobody is called; adjacent ones are merged."""
    found: list[tuple[datetime, datetime]] = []
    for person, starts_at, ends_at in covered(rotation, since, until, able):
        if person is not None:
            continue
        if found and found[-1][1] == starts_at:
            found[-1] = (found[-1][0], ends_at)
        else:
            found.append((starts_at, ends_at))
    return found


def days(
    rotation: Rotation,
    first: date,
    count: int,
    *,
    zone: ZoneInfo,
    able: Collection[str],
    now: datetime,
) -> list[Day]:
    edges = [midnight(first + n * DAY, zone) for n in range(count + 1)]
    parts = list(covered(rotation, edges[0], edges[-1], able))
    return [
        _day(rotation, first + n * DAY, edges[n], edges[n + 1], parts, now) for n in range(count)
    ]


def _day(
    rotation: Rotation,
    day: date,
    since: datetime,
    until: datetime,
    parts: Sequence[tuple[str | None, datetime, datetime]],
    now: datetime,
) -> Day:
    length = (until - since).total_seconds()

    def share(at: datetime) -> float:
        return round((at - since).total_seconds() / length * 100, 3)

    pieces = [
        Piece(
            person,
            max(starts_at, since),
            min(ends_at, until),
            share(max(starts_at, since)),
            round(share(min(ends_at, until)) - share(max(starts_at, since)), 3),
            any(
                t.person == person and t.starts_at < ends_at and t.ends_at > starts_at
                for t in rotation.overrides
            ),
        )
        for person, starts_at, ends_at in parts
        if starts_at < until and ends_at > since
    ]
    return Day(day, since, until, pieces, share(now) if since <= now < until else None)


def tonight(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The night that is coming or running: from the evening, or from now, to the morning."""
    local = now.astimezone(zone)
    if local.time() < MORNING:
        return now, datetime.combine(local.date(), MORNING, tzinfo=zone).astimezone(UTC)
    evening = datetime.combine(local.date(), EVENING, tzinfo=zone).astimezone(UTC)
    morning = datetime.combine(local.date() + DAY, MORNING, tzinfo=zone).astimezone(UTC)
    return max(now, evening), morning
