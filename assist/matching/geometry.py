"""How much the lexicon's concepts weigh, and how near they are to each other, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assist.matching.lexicon import DISTINCT, lexicon

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]
SUBJECT, SYMPTOM, OTHER = range(3)
# What a compound weighs ("card payment" beside "card" and "payment").
OF_COMPOUNDS = 0.5
KINDS = {"subject": SUBJECT, "symptom": SYMPTOM}


@dataclass(frozen=True, slots=True)
class Geometry:
    """Per concept: weight, kind masks, and how near each is to each; `distinct` are numbers.

    `kinds` are subjects, symptoms and all others, kinds × concepts; `near_alike` is how near two of
    the first two are to each other, each among its kind.
    """

    weight: Floats
    kinds: Floats
    distinct: tuple[int, ...]
    near: Floats
    near_alike: Floats

    def nearest(self, present: Sequence[int] | Numbers) -> Floats:
        """Answer how near each concept comes to the closest of those present."""
        return np.asarray(self.near[present].max(axis=0, initial=0.0), dtype=np.float32)


def share(part: Floats, whole: Floats | float) -> Floats:
    """Answer what a part is of its whole; 0 of nothing."""
    return np.asarray(part / np.maximum(whole, 1e-6), dtype=np.float32)


@lru_cache(maxsize=1)
def geometry() -> Geometry:
    concepts = lexicon().concepts
    near = np.eye(len(concepts), dtype=np.float32)
    for (one, other), nearness in lexicon().near.items():
        near[one, other] = nearness
    kinds = np.zeros((3, len(concepts)), dtype=np.float32)
    for concept in concepts:
        kinds[KINDS.get(concept.kind, OTHER), concept.number] = 1.0
    told = kinds[:OTHER]
    return Geometry(
        weight=np.array([c.weight for c in concepts], dtype=np.float32),
        kinds=kinds,
        distinct=tuple(c.number for c in concepts if c.name in DISTINCT),
        near=near,
        near_alike=near * (told.T @ told),
    )
