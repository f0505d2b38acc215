"""Who has the duty: a weekly turn, handed over at a local time. No ORM, no clock.

A handover is a local time of a day in the schedule's zone. A clock change makes that week an hour
longer or shorter, and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody stands in from one moment to another."""

    person: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rotation:
    """`people` take turns in this order; the first begins on `starts_on`, and before it too.

    Overrides come oldest first; where they overlap, the newest counts.
    """

    people: Sequence[str]
    zone: ZoneInfo
    starts_on: date
    handover_at: time
    overrides: Sequence[Turn] = ()

    def handover(self, week: int) -> datetime:
        """The moment at which a week's turn begins."""
        local = datetime.combine(self.starts_on + week * WEEK, self.handover_at)
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def week_of(self, at: datetime) -> int:
        """Which week's turn runs at a moment; below zero before the first handover."""
        days = (at.astimezone(self.zone).date() - self.starts_on).days
        week = days // 7
        return week if at >= self.handover(week) else week - 1

    def whose_turn(self, at: datetime) -> str | None:
        """Whose turn it is, whoever stands in."""
        if not self.people:
            return None
        return self.people[max(self.week_of(at), 0) % len(self.people)]

    def who(self, at: datetime) -> str | None:
        """Who has the duty at a moment; nobody where nobody is in it."""
        standing = [turn for turn in self.overrides if turn.starts_at <= at < turn.ends_at]
        return standing[-1].person if standing else self.whose_turn(at)

    def turns(self, since: datetime, until: datetime) -> Iterator[Turn]:
        """Return the duty between two moments, without gaps; adjacent equal turns are merged."""
        edges = sorted({since, until, *self._changes(since, until)})
        running: Turn | None = None
        for starts_at, ends_at in pairwise(edges):
            person = self.who(starts_at)
            if running and running.person == person:
                running = Turn(running.person, running.starts_at, ends_at)
                continue
            if running:
                yield running
            running = Turn(person, starts_at, ends_at) if person else None
        if running:
            yield running

    def _changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        moments = [self.handover(w) for w in range(self.week_of(since), self.week_of(until) + 1)]
        moments += [moment for turn in self.overrides for moment in (turn.starts_at, turn.ends_at)]
        yield from (moment for moment in moments if since < moment < until)
