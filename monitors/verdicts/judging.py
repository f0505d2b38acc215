"""From what regions found to one verdict, and when a change of it is announced.

No database, no clock. Regions that know nothing are left out. If the quorum fails: down. If fewer
fail, or any is slow or answers wrongly: degraded. If nobody knows: unknown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.models.catalogue import Verdict
from monitors.outcomes import Outcome

# This many flips an hour are announced at once; each further one has to hold for a while first.
FREE_FLIPS = 3
HOUR = timedelta(hours=1)
FIRST_HOLD = timedelta(minutes=2)
LONGEST_HOLD = timedelta(minutes=15)
# An outcome this many intervals old says nothing about the present.
FRESH_INTERVALS = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of all regions together; `error_code` is the commonest of those behind it."""

    verdict: Verdict
    error_code: str = ""
    latency_ms: int | None = None
    behind: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Damping:
    """A monitor's recent flips: those of the last hour, and one being held."""

    flipped_at: tuple[datetime, ...] = ()
    held: Verdict | None = None
    held_since: datetime | None = None


def judge(outcomes: Sequence[Outcome], *, quorum: int | None, regions: int = 1) -> Judgement:
    """Judge the last outcome of each region; `regions` is how many there should be."""
    known = [o for o in outcomes if o.verdict != Verdict.UNKNOWN]
    latency_ms = median([o.latency_ms for o in known if o.latency_ms is not None])
    if not known:
        return Judgement(Verdict.UNKNOWN, commonest(outcomes), None, tuple(outcomes))
    failing = [o for o in known if o.verdict == Verdict.DOWN]
    if len(failing) >= needed(quorum, regions=regions, known=len(known)):
        return Judgement(Verdict.DOWN, commonest(failing), latency_ms, tuple(failing))
    wrong = failing or [o for o in known if o.verdict == Verdict.DEGRADED]
    if wrong:
        return Judgement(Verdict.DEGRADED, commonest(wrong), latency_ms, tuple(wrong))
    return Judgement(Verdict.UP, "", latency_ms, tuple(known))


def needed(quorum: int | None, *, regions: int, known: int) -> int:
    """How many regions have to fail: more than half by default; never more than know anything."""
    wanted = quorum or max(regions, 1) // 2 + 1
    return max(1, min(wanted, known))


def is_fresh(outcome: Outcome, *, now: datetime, interval_s: int, lease_s: int) -> bool:
    return now - outcome.at <= timedelta(seconds=interval_s * FRESH_INTERVALS + lease_s)


def damped(
    current: Verdict, found: Verdict, memory: Damping, *, at: datetime
) -> tuple[bool, Damping]:
    """Decide whether a verdict is announced now; returns that and the new damping.

    The first three flips of an hour are announced at once. Each further one has to hold for 2
    minutes, then twice as long each time, 15 minutes at most. Unknown is no flip and never waits.
    """
    recent = tuple(moment for moment in memory.flipped_at if at - moment < HOUR)
    if found == current:
        return False, Damping(recent)
    if Verdict.UNKNOWN in (current, found):
        return True, Damping(recent)
    since = memory.held_since if memory.held == found and memory.held_since else at
    if at - since >= hold_after(len(recent)):
        return True, Damping((*recent, at))
    return False, Damping(recent, found, since)


def hold_after(flips: int) -> timedelta:
    """How long the next flip has to hold after so many within an hour."""
    if flips < FREE_FLIPS:
        return timedelta()
    return min(FIRST_HOLD * (1 << min(flips - FREE_FLIPS, 10)), LONGEST_HOLD)


def told_at_earliest(memory: Damping) -> datetime | None:
    """When a flip that is held back is told, if each check until then finds it; None: none is."""
    if memory.held_since is None:
        return None
    since, flips = memory.held_since, memory.flipped_at
    # A flip that is an hour old by then counts no longer.
    moments = [since + hold_after(n) for n in range(len(flips) + 1)] + [f + HOUR for f in flips]
    return min(
        at for at in moments if at - since >= hold_after(sum(at - flip < HOUR for flip in flips))
    )


def commonest(outcomes: Collection[Outcome]) -> str:
    codes = [o.error_code for o in outcomes if o.error_code]
    return max(sorted(set(codes)), key=codes.count, default="")


def median(numbers: Sequence[int]) -> int | None:
    ordered = sorted(numbers)
    return ordered[(len(ordered) - 1) // 2] if ordered else None
