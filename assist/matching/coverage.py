"""How much of what is said an incident covers, and the other way round: many against many."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from assist.matching.geometry import OTHER, SUBJECT, SYMPTOM, Floats, Numbers, geometry, share

_MANY = 6
# What coverages are made of. How much of the message's subjects, and of its symptoms, is near to
# one of the incident's name, and to one of all that is told; how much of its title's is near to one
# of the message's; both of these of subjects. Then how many subjects the title names and whether
# it tells a fault, whether the message does, and how many of each kind that speaks of.
_PARTS = (
    "named", "fault", "told", "fault_told", "title", "fault_of_title", "together",
    "many_told", "has_fault", "no_fault",
    "one", "complains", "calm", "many_said", "faults_said", "others_said",
)  # fmt: skip
_TITLE, _TOGETHER, _OF_TITLE, _OF_MESSAGE, _COUNTS = map(
    _PARTS.index, ("title", "together", "many_told", "one", "many_said")
)
COVERAGES = (
    "named", "told", "title", "named*title", "told*title", "fault*has_fault", "fault_of_title",
    "fault*fault_of_title", "together*fault", "together*fault_of_title", "complains*no_fault",
    "calm*has_fault", "many_said", "many_said*named", "many_told", "many_told*title",
    "named*named", "title*title", "others_said",
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
    def weighing(self) -> tuple[Numbers, Floats]:
        """The concepts that weigh, and what those of each kind do: (kinds · messages) × these."""
        here = np.flatnonzero(self.weights.any(axis=1))
        each = geometry().kinds[:OTHER, None, here] * self.weights[here].T
        return here, each.reshape(OTHER * self.weights.shape[1], len(here))

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
    def titles(self) -> tuple[Numbers, Floats, Numbers]:
        """Concepts and weights of the titles' subjects, incident by incident, then of their
        symptoms, and where each incident's begin: few of all that there are.
        """
        weights = geometry().kinds[:OTHER, None] * self.weights.T
        written = weights > 0
        # With one that weighs nothing, so that none is without.
        written[:, :, 0] = True
        concepts = np.nonzero(written)[2]
        return concepts, weights[written], np.flatnonzero(concepts == 0)

    @cached_property
    def sums(self) -> Floats:
        """What subjects and symptoms of each title weigh, then the parts that are its own."""
        weights = geometry().kinds[:OTHER] @ self.weights
        many = np.minimum(geometry().kinds[SUBJECT] @ self.title, _MANY)
        has_fault = weights[SYMPTOM] > 0
        return np.array([*weights, many, has_fault, ~has_fault], dtype=np.float32)


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


def _of_titles(said: Said, told: Told) -> Floats:
    """Answer what of each title is near to what is said, kinds × messages × incidents."""
    concepts, weights, begins = told.titles
    near = np.add.reduceat(said.nearest.T[:, concepts] * weights, begins, axis=1)
    return near.reshape(len(near), OTHER, len(begins) // OTHER).swapaxes(0, 1)


def coverages(said: Said, *told: Told) -> Floats:
    """Answer `COVERAGES` × messages × incidents; O(concepts said × incidents) for one message."""
    weighing, weights = said.weighing
    here = np.concatenate([weights @ one.near[:, weighing] for one in told], axis=2)
    back = np.concatenate([_of_titles(said, one) for one in told], axis=2)
    sums = np.concatenate([one.sums for one in told], axis=1)
    counts = geometry().kinds @ said.present
    shape = back.shape[1:]
    parts = np.empty((len(_PARTS), *shape), dtype=np.float32)
    parts[:_TITLE] = share(here, weights.sum(axis=1)[:, None]).reshape(_TITLE, *shape)
    parts[_TITLE:_TOGETHER] = share(back, sums[:OTHER, None])
    parts[_TOGETHER] = parts[0] * parts[_TITLE]
    parts[_OF_TITLE:_OF_MESSAGE] = sums[OTHER:, None]
    parts[_OF_MESSAGE] = 1.0
    parts[_OF_MESSAGE + 1] = (counts[SYMPTOM] > 0)[:, None]
    parts[_OF_MESSAGE + 2] = (counts[SYMPTOM] == 0)[:, None]
    parts[_COUNTS:] = counts[:, :, None]
    np.minimum(parts[_COUNTS], _MANY, out=parts[_COUNTS])
    found = parts[_ONE_FACTOR]
    found *= parts[_OTHER_FACTOR]
    return np.asarray(found)
