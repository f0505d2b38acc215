"""How much the lexicon's concepts weigh, and how near they are to each other, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assist.matching.lexicon import DISTINCT, lexicon

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Per concept: weight, kind masks, and how near each is to each; `distinct` are numbers."""

    weight: Floats
    subjects: Floats
    symptoms: Floats
    distinct: tuple[int, ...]
    near: Floats

    def nearest(self, present: Sequence[int] | Numbers) -> Floats:
        """Answer how near each concept comes to the closest of those present."""
        return np.asarray(self.near[present].max(axis=0, initial=0.0), dtype=np.float32)

    def nearest_alike(self, present: Floats) -> Floats:
        """Answer the same for a mask of those present, but among concepts of one kind."""
        kinds = (self.subjects, self.symptoms)
        return sum(
            (self.nearest(np.flatnonzero(present * kind)) * kind for kind in kinds),
            start=np.zeros_like(self.weight),
        )


@lru_cache(maxsize=1)
def geometry() -> Geometry:
    concepts = lexicon().concepts
    near = np.eye(len(concepts), dtype=np.float32)
    for (one, other), share in lexicon().near.items():
        near[one, other] = share
    return Geometry(
        weight=np.array([c.weight for c in concepts], dtype=np.float32),
        subjects=np.array([c.kind == "subject" for c in concepts], dtype=np.float32),
        symptoms=np.array([c.kind == "symptom" for c in concepts], dtype=np.float32),
        distinct=tuple(c.number for c in concepts if c.name in DISTINCT),
        near=near,
    )
