"""Public promises and whether they were kept. Plain data: no ORM, no clock.

A promise is kept by the next public update at or before its time. One that is moved earlier without
an update counts as neither kept nor missed; one that is merely withdrawn counts as missed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WARNED_BEFORE = timedelta(minutes=5)


class Outcome(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of a timeline: whether visitors read it, and by when it promises more."""

    at: datetime
    is_word: bool
    promises: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """`settled_at` is when it was kept, moved, or followed by a late update, if at all."""

    made_at: datetime
    due_at: datetime
    outcome: Outcome
    settled_at: datetime | None = None

    def late_by(self, now: datetime) -> timedelta:
        """How late the update came, or is by now; zero unless the promise was missed."""
        if self.outcome != Outcome.MISSED:
            return timedelta(0)
        return (self.settled_at or now) - self.due_at


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises had which outcome; `rate` is the share kept of those that fell due."""

    kept: int
    missed: int
    moved: int
    open: int

    @property
    def rate(self) -> float | None:
        fell_due = self.kept + self.missed
        return self.kept / fell_due if fell_due else None


def promises_in(timeline: Sequence[Said], *, now: datetime) -> list[Promise]:
    """Return the promises of one incident's timeline, whose entries come oldest first."""
    return list(_settled(timeline, now))


def _settled(timeline: Sequence[Said], now: datetime) -> Iterator[Promise]:
    for place, said in enumerate(timeline):
        if said.promises is not None:
            yield _settle(said.at, said.promises, timeline[place + 1 :], now)


def _settle(made_at: datetime, due_at: datetime, later: Sequence[Said], now: datetime) -> Promise:
    for said in later:
        if said.at > due_at:
            break
        if said.is_word:
            return Promise(made_at, due_at, Outcome.KEPT, said.at)
        if said.promises is not None:
            return Promise(made_at, due_at, Outcome.MOVED, said.at)
    if now <= due_at:
        return Promise(made_at, due_at, Outcome.OPEN)
    word = next((said.at for said in later if said.is_word), None)
    return Promise(made_at, due_at, Outcome.MISSED, word)


def tally(promises: Iterable[Promise]) -> Tally:
    outcomes = [promise.outcome for promise in promises]
    return Tally(**{outcome.value: outcomes.count(outcome) for outcome in Outcome})


def warn_at(made_at: datetime, due_at: datetime) -> datetime:
    """When staff are warned: five minutes before, or half-way if less time was left."""
    early = due_at - WARNED_BEFORE
    return early if early > made_at else made_at + (due_at - made_at) / 2
