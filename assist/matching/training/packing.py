"""What was learnt as plain data, as `read_cohort` reads it."""

from base64 import b85encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from assist.matching.cohort import Learnt
from assist.matching.coverage import COVERAGES
from assist.matching.geometry import geometry
from assist.matching.lexicon import lexicon
from assist.matching.training.hearing import Heard


def packed(learnt: Learnt, heard: Sequence[Heard]) -> dict[str, Any]:
    """The vectors' numbers are rounded to a byte each, by their columns' largest."""
    return {
        "concepts": [concept.name for concept in lexicon().concepts],
        "explains": {
            name: round(float(weight), 4)
            for name, weight in zip(COVERAGES, learnt.explains, strict=True)
        },
        "offset": round(learnt.offset, 4),
        **_bytes("message", learnt.message),
        **_bytes("incident", learnt.incident),
        "incidents": [parts for one in heard for parts in _incidents(one)],
    }


def _bytes(name: str, vectors: np.ndarray) -> dict[str, Any]:
    scale = np.maximum(np.abs(vectors).max(axis=0), 1e-6) / 127
    rows = np.round(vectors / scale).astype(np.int8)
    return {
        name: b85encode(rows.tobytes()).decode(),
        f"{name}_scale": [round(float(one), 7) for one in scale],
    }


def _incidents(one: Heard) -> list[list[list[int]]]:
    """Of each incident the concepts of title, its compounds, name and all that is told."""
    index, weight = one.index, geometry().weight
    found = []
    for column in range(len(index.incidents)):
        title, named, told = (
            np.flatnonzero(index.present[:, part, column]).tolist() for part in range(3)
        )
        subjects = index.subjects.weights[column]
        compounds = [n for n in title if 0 < subjects[n] < weight[n]]
        found.append([title, compounds, named, told])
    return found
