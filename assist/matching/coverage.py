"""How much of what is said an incident covers, and the other way round: many against many."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from assist.matching.geometry import Floats, Numbers, geometry

_MANY = 6


def nearest_alike(present: Floats) -> Floats:
    """Answer how near each concept comes to one of its kind in each column."""
    near = np.zeros_like(present)
    for column in range(present.shape[1]):
        near[:, column] = geometry().nearest_alike(present[:, column])
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
    def rows(self) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
        """Subjects, then symptoms: those that weigh, and those that are near at all."""
        here = [values.any(axis=1) for values in (self.weights, self.nearest)]
        kinds = (geometry().subjects > 0, geometry().symptoms > 0)
        weighing, near = ([np.flatnonzero(one & kind) for kind in kinds] for one in here)
        return (weighing[0], near[0]), (weighing[1], near[1])

    @classmethod
    def of(cls, present: Floats, weights: Floats) -> "Said":
        return cls(present, weights, nearest_alike(present))


@dataclass(frozen=True)
class Told:
    """Incidents; concepts × incidents.

    `title` and `body` are the concepts read in the title and in all that is told, `weights` what
    subjects and symptoms of the title weigh; `named` and `told` are how near each concept comes to
    one of its kind in the name and in all that is told.
    """

    title: Floats
    body: Floats
    weights: Floats
    named: Floats
    told: Floats

    @cached_property
    def as_said(self) -> Said:
        """The titles, as if customers had written them."""
        return Said.of(self.title, self.weights)

    @cached_property
    def sums(self) -> tuple[Floats, Floats]:
        """What the subjects and the symptoms of each title weigh together."""
        return geometry().subjects @ self.weights, geometry().symptoms @ self.weights

    @cached_property
    def subjects(self) -> Floats:
        counts = np.minimum(geometry().subjects @ self.title, _MANY)
        return np.asarray(counts, dtype=np.float32)


@lru_cache(maxsize=1)
def _spread() -> Floats:
    """How near concepts are to each other, each among its kind, by what they weigh."""
    known = geometry()
    kinds = (known.subjects, known.symptoms, 1 - known.subjects - known.symptoms)
    near = sum(np.outer(kind, kind) for kind in kinds) * known.near
    weight = np.where(known.weight > 0, known.weight, 1.0)
    return np.asarray(weight[:, None] * near, dtype=np.float32)


def spread(present: Floats) -> Floats:
    """Answer texts × concepts, of length one: what was read, and what is near to it."""
    rows = np.flatnonzero(present.any(axis=1))
    vectors = present[rows].T @ _spread()[rows]
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-6), dtype=np.float32)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part / np.maximum(whole, 1e-6), dtype=np.float32)


def _of_said(said: Said, near: Sequence[Floats], rows: Numbers) -> list[Floats]:
    """Answer how much of what is said of a kind is near to each incident."""
    weights = said.weights[rows]
    whole = weights.sum(axis=0)[:, None]
    return [_share(weights.T @ one[rows], whole) for one in near]


def _of_title(said: Said, told: Told, whole: Floats, rows: Numbers) -> Floats:
    """Answer how much of each title is near to what is said."""
    return _share(said.nearest[rows].T @ told.weights[rows], whole)


def coverages(said: Said, told: Told) -> Floats:
    """Answer 19 × messages × incidents; O(concepts said × incidents) for one message."""
    subjects, symptoms = geometry().subjects, geometry().symptoms
    (by, near_by), (about, near_about) = said.rows
    named, body = _of_said(said, (told.named, told.told), by)
    title = _of_title(said, told, told.sums[0], near_by)
    (fault,) = _of_said(said, (told.named,), about)
    fault_of_title = _of_title(said, told, told.sums[1], near_about)
    complains = (symptoms @ said.present > 0)[:, None]
    has_fault = told.sums[1] > 0
    both = complains & has_fault
    many = np.minimum(subjects @ said.present, _MANY)[:, None]
    others = ((1 - subjects - symptoms) @ said.present)[:, None]
    columns = (
        named,
        body,
        title,
        named * title,
        body * title,
        fault * both,
        fault_of_title * both,
        fault * fault_of_title,
        named * title * fault,
        named * title * fault_of_title,
        complains & ~has_fault,
        ~complains & has_fault,
        many,
        many * named,
        told.subjects,
        told.subjects * title,
        named * named,
        title * title,
        others,
    )
    found = np.empty((len(columns), *named.shape), dtype=np.float32)
    for row, column in enumerate(columns):
        found[row] = column
    return found
