"""When complaints are a wave: the same from several customers, more than on other days. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from assist.matching.index import Floats
from assist.waves.faults import Fault, likeness

WINDOW = timedelta(minutes=10)
FEWEST = 3
# Few who say the very same are a wave, or more who say what is only near it: each complaint is
# judged at each of these, against what is usual at the same one. They rise: who is too few or too
# unlike at one is so at each after it.
LEVELS = (0.35, 0.45, 0.55, 0.65, 0.75)
# An open wave accepts slightly less similar complaints, since it is known to be one.
JOINS = 0.45
# How seldom chance alone brings so many together, judged anew at each complaint.
CHANCE = 1e-5
# The usual rate is the higher of these two: a busy hour is no wave.
DAY, HOURS = timedelta(hours=24), timedelta(hours=2)
# What is expected of a complaint never heard before, until there is a past to know better by.
_HALF_A_COMPLAINT, _WINDOWS_BEFORE = 0.5, 6.0


@dataclass(frozen=True, slots=True)
class Report:
    """A complaint, when it was heard, and whose it is: one customer counts once."""

    key: str
    person: str
    at: datetime
    fault: Fault


def people_in(reports: Sequence[Report]) -> int:
    return len({report.person for report in reports})


def find_wave(
    newest: Report, recent: Sequence[Report], earlier: Sequence[Report], *, since: datetime
) -> list[Report] | None:
    """Return the complaints that make a wave with the newest one, else None.

    `recent` are those of the last `WINDOW` that belong to no wave, with the newest among them;
    `earlier` is what came before, since `since`. O(recent² + recent × earlier).
    """
    near = [one for one in recent if _is_within(one, newest)]
    if newest not in near or people_in(near) < FEWEST:
        return None
    alike = likeness([r.fault for r in near], [r.fault for r in near])
    to_newest = alike[near.index(newest)]
    best, least = None, CHANCE
    # The wave may form around any complaint similar to the newest; take the best fit.
    for center in np.flatnonzero(to_newest >= LEVELS[0]):
        past = _Past.of(near[center].fault, earlier, now=newest.at, since=since)
        for level in LEVELS:
            members = [near[place] for place in np.flatnonzero(alike[center] >= level)]
            count = people_in(members)
            if to_newest[center] < level or count < FEWEST:
                break
            chance = chance_of(count, past.usual_count(level))
            if chance <= least:
                best, least = members, chance
    return best


def _is_within(one: Report, newest: Report) -> bool:
    return newest.at - WINDOW < one.at <= newest.at


@dataclass(frozen=True, slots=True)
class _Past:
    """How like one complaint each earlier one is."""

    earlier: Sequence[Report]
    shares: Floats
    now: datetime
    since: datetime

    @classmethod
    def of(
        cls, fault: Fault, earlier: Sequence[Report], *, now: datetime, since: datetime
    ) -> "_Past":
        shares = likeness([fault], [one.fault for one in earlier])
        return cls(earlier, shares[0], now, since)

    def usual_count(self, level: float) -> float:
        """How many customers say so in a window of an ordinary day, as far as one can know."""
        counts = []
        said = [self.earlier[int(place)] for place in np.flatnonzero(self.shares >= level)]
        for horizon in (DAY, HOURS):
            first = max(self.since, self.now - horizon)
            windows = max((self.now - first) / WINDOW - 1, 0.0)
            heard = people_in([one for one in said if first <= one.at <= self.now - WINDOW])
            counts.append((heard + _HALF_A_COMPLAINT) / (windows + _WINDOWS_BEFORE))
        return max(counts)


def chance_of(count: int, expected: float) -> float:
    """The probability that as many or more come by chance where `expected` are usual (Poisson)."""
    below, term = 0.0, math.exp(-expected)
    for number in range(count):
        below += term
        term *= expected / (number + 1)
    return max(1.0 - below, 0.0)


def essence(members: Sequence[Report]) -> Fault:
    """What most of them name: a wave is known by it from then on."""
    least = max(0.4 * len(members), 1)

    def named(every: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        names = sorted({name for names in every for name in names})
        counts = {name: sum(name in names for names in every) for name in names}
        often = [name for name in names if counts[name] >= least]
        return tuple(sorted(often or names, key=lambda name: (-counts[name], name))[:6])

    return Fault(
        named([one.fault.subjects for one in members]),
        named([one.fault.symptoms for one in members]),
    )


def best_of(fault: Fault, essences: Sequence[Fault]) -> int | None:
    """The place of the wave that a complaint joins, None where it is like none of them."""
    if not essences or not fault.is_telling:
        return None
    shares = likeness([fault], essences)[0]
    place = int(shares.argmax())
    return place if shares[place] >= JOINS else None
