"""When complaints are a wave: the same from several customers, more than on other days. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from assist.matching.geometry import Floats
from assist.waves.faults import Fault, likeness

WINDOW = timedelta(minutes=10)
FEWEST = 3
# Few who say the very same are a wave, or more who say what is only near it: each complaint is
# judged at each of these, against what is usual at the same one. They rise: who is too few or too
# unlike at one is so at each after it.
LEVELS = (0.35, 0.45, 0.55, 0.65, 0.75)
# An open wave accepts slightly less similar complaints, since it is known to be one.
JOINS = 0.45
# What is at least so alike is the same; less alike, it may be another fault of the same thing.
SAME = 0.65
# A dismissed wave is seen anew when so many times its customers write within a window.
OUTGROWS = 2
# How seldom chance alone brings so many together, judged anew at each complaint.
CHANCE = 3e-6
# The usual rate is the higher of these two: a busy hour is no wave.
DAY, HOURS = timedelta(hours=24), timedelta(hours=2)
# What is expected of a complaint never heard before, until there is a past to know better by.
_COMPLAINTS_BEFORE, _WINDOWS_BEFORE = 0.3, 6.0


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

    `recent` are those of the last `WINDOW` that belong to no wave, or that a dismissed one took in,
    with the newest among them;
    `earlier` is what came before, since `since`. O(alike × (recent + earlier)).
    """
    near = [one for one in recent if _is_within(one, newest)]
    if newest not in near or people_in(near) < FEWEST:
        return None
    faults = [one.fault for one in near]
    to_newest = likeness([newest.fault], faults)[0]
    best, least = None, CHANCE
    # The wave may form around any complaint similar to the newest; take the best fit.
    centers = {faults[place]: to_newest[place] for place in np.flatnonzero(to_newest >= LEVELS[0])}
    to_near = likeness(list(centers), faults)
    to_earlier = likeness(list(centers), [one.fault for one in earlier])
    for place, reaches in enumerate(centers.values()):
        past = _Past(earlier, to_earlier[place], newest.at, since)
        for level in LEVELS:
            members = [near[other] for other in np.flatnonzero(to_near[place] >= level)]
            count = people_in(members)
            if reaches < level or count < FEWEST:
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

    def usual_count(self, level: float) -> float:
        """How many customers say so in a window of an ordinary day, as far as one can know."""
        said = [self.earlier[int(place)] for place in np.flatnonzero(self.shares >= level)]
        daily = self._rate(said, DAY, _COMPLAINTS_BEFORE)
        # What two hours do not tell, the day does.
        return max(daily, self._rate(said, HOURS, daily * _WINDOWS_BEFORE))

    def _rate(self, said: Sequence[Report], horizon: timedelta, before: float) -> float:
        """How many customers in a window, where `before` were heard in those before all known."""
        first = max(self.since, self.now - horizon)
        windows = max((self.now - first) / WINDOW - 1, 0.0)
        heard = people_in([one for one in said if first <= one.at <= self.now - WINDOW])
        return (heard + before) / (windows + _WINDOWS_BEFORE)


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


def is_same(one: Fault, other: Fault) -> bool:
    """Whether two waves are one and the same, by what most of their customers name."""
    return bool(likeness([one], [other])[0][0] >= SAME)


def best_of(fault: Fault, essences: Sequence[Fault]) -> int | None:
    """The place of the wave that a complaint joins, None where it is like none of them."""
    if not essences or not fault.is_telling:
        return None
    shares = likeness([fault], essences)[0]
    place = int(shares.argmax())
    return place if shares[place] >= JOINS else None
