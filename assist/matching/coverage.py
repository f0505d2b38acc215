"""How much of what is said an incident covers, and the other way round: many against many."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from assist.matching.geometry import OTHER, SUBJECT, SYMPTOM, Floats, Numbers, geometry, share

_MANY = 6
# What coverages are made of. Of the message's subjects, how much is near to one of the incident's
# name, and to one of all that is told; of its title's, how much is near to one of the message's;
# both of these together; the same of symptoms. Then who tells a fault, and how many are spoken of.
_PARTS = (
    "one", "named", "told", "title", "together", "fault", "fault_of_title",
    "both_fail", "only_said_fails", "only_told_fails", "many_said", "many_told", "others_said",
)  # fmt: skip
COVERAGES = (
    "named", "told", "title", "named*title", "told*title", "fault*both_fail",
    "fault_of_title*both_fail", "fault*fault_of_title", "together*fault",
    "together*fault_of_title", "only_said_fails", "only_told_fails", "many_said",
    "many_said*named", "many_told", "many_told*title", "named*named", "title*title", "others_said",
)  # fmt: skip
_FACTORS = [f"{name}*one".split("*")[:2] for name in COVERAGES]
_ONE_FACTOR, _OTHER_FACTOR = np.array([[_PARTS.index(p) for p in two] for two in _FACTORS]).T


def nearest_alike(present: Floats) -> Floats:
    """Answer how near each concept comes to one of its kind in each column."""
    near = np.zeros_like(present)
    for column in range(present.shape[1]):
        here = np.flatnonzero(present[:, column])
        near[:, column] = geometry().near_alike[here].max(axis=0, initial=0.0)
    return near


@dataclass(frozen=True)
class Said:
    """Messages, or titles read as such; concepts × messages.

    `present` are the concepts that were read, `weights` what the subjects and symptoms among them
    weigh, and `nearest` how near each concept comes to one of them of its kind.
    """

    present: Floats
    weights: Floats
    nearest: Floats

    @cached_property
    def rows(self) -> list[tuple[Numbers, Numbers]]:
        """Subjects, then symptoms: those that weigh, and those that are near at all."""
        weighing, near = self.weights.any(axis=1), self.nearest.any(axis=1)
        kinds = geometry().kinds[:OTHER] > 0
        return [(np.flatnonzero(weighing & kind), np.flatnonzero(near & kind)) for kind in kinds]

    @classmethod
    def of(cls, present: Floats, weights: Floats) -> "Said":
        return cls(present, weights, nearest_alike(present))


@dataclass(frozen=True)
class Told:
    """Incidents; the last axis of each array is theirs, the one before it the concepts'.

    `title` and `body` are the concepts read in the title and in all that is told, `weights` what
    subjects and symptoms of the title weigh; `near` is how near each concept comes to one of its
    kind in the name and in all that is told, (name, all) × concepts × incidents.
    """

    title: Floats
    body: Floats
    weights: Floats
    near: Floats

    @cached_property
    def as_said(self) -> Said:
        """The titles, as if customers had written them."""
        return Said.of(self.title, self.weights)

    @cached_property
    def sums(self) -> Floats:
        """What subjects and symptoms of each title weigh, and how many subjects it has."""
        weights = geometry().kinds[:OTHER] @ self.weights
        many = np.minimum(geometry().subjects @ self.title, _MANY)
        return np.concatenate([weights, many[None]])


@lru_cache(maxsize=1)
def _spread() -> Floats:
    """How near concepts are to each other, each among its kind, by what they weigh."""
    known = geometry()
    weight = np.where(known.weight > 0, known.weight, 1.0)
    near = known.near * (known.kinds.T @ known.kinds)
    return np.asarray(weight[:, None] * near, dtype=np.float32)


def spread(present: Floats) -> Floats:
    """Answer texts × concepts, of length one: what was read, and what is near to it."""
    rows = np.flatnonzero(present.any(axis=1))
    vectors = present[rows].T @ _spread()[rows]
    return share(vectors, np.sqrt((vectors * vectors).sum(axis=1, keepdims=True)))


def _both_ways(said: Said, told: tuple[Told, ...], kind: int, whole: Floats) -> list[Floats]:
    """Answer how much of what is said of a kind is near to each name and to all that is told, and
    how much of each title, which weighs `whole`, to what is said.
    """
    weighing, near = said.rows[kind]
    weights, nearest = said.weights[weighing], said.nearest[near]
    here = [weights.T @ one.near[:, weighing] for one in told]
    back = [nearest.T @ one.weights[near] for one in told]
    named, all_told = share(np.concatenate(here, axis=2), weights.sum(axis=0)[:, None])
    return [named, all_told, share(np.concatenate(back, axis=1), whole)]


def coverages(said: Said, *told: Told) -> Floats:
    """Answer `COVERAGES` × messages × incidents; O(concepts said × incidents) for one message."""
    sums = np.concatenate([one.sums for one in told], axis=1)
    subjects, symptoms, others = (geometry().kinds @ said.present)[:, :, None]
    complains, has_fault = symptoms > 0, sums[SYMPTOM] > 0
    named, all_told, title = _both_ways(said, told, SUBJECT, sums[SUBJECT])
    fault, _, fault_of_title = _both_ways(said, told, SYMPTOM, sums[SYMPTOM])
    values = {
        "one": 1.0,
        "named": named,
        "told": all_told,
        "title": title,
        "together": named * title,
        "fault": fault,
        "fault_of_title": fault_of_title,
        "both_fail": complains & has_fault,
        "only_said_fails": complains & ~has_fault,
        "only_told_fails": ~complains & has_fault,
        "many_said": np.minimum(subjects, _MANY),
        "many_told": sums[-1],
        "others_said": others,
    }
    parts = np.empty((len(_PARTS), *named.shape), dtype=np.float32)
    for row, name in enumerate(_PARTS):
        parts[row] = values[name]
    return np.asarray(parts[_ONE_FACTOR] * parts[_OTHER_FACTOR])
