"""What the console shows of an embedding model: how it fares, and what it makes of languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assist.embeddings.ordinary import carried_over
from assist.embeddings.vectors import MEASURE, from_bytes
from assist.matching.languages import NAMES
from assist.models import EmbeddingModel

# Fewer of the sentences that find their English counterpart: the language is not understood.
FEWEST = 8


class Fares(StrEnum):
    WELL = "answers"
    FAILING = "fails"
    NEW = "not asked yet"
    OFF = "not in use"


def fares(model: EmbeddingModel) -> Fares:
    if not model.is_active:
        return Fares.OFF
    if model.trouble:
        return Fares.FAILING
    return Fares.WELL if model.dimensions else Fares.NEW


@dataclass(frozen=True, slots=True)
class Language:
    """How many of a language's sentences lie nearest to the English one that says the same."""

    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Carried:
    understood: Sequence[Language]
    hardly: Sequence[Language]


def carried(model: EmbeddingModel) -> Carried:
    """Compare each language that was asked for with English; nothing until both are there."""
    dimensions = model.dimensions
    rows = {row.language: row.vectors for row in model.ordinary.all()}
    if not dimensions or MEASURE not in rows:
        return Carried((), ())
    english = from_bytes(rows[MEASURE], dimensions)
    found = [
        Language(NAMES[one], carried_over(english, from_bytes(rows[one], dimensions)))
        for one in NAMES
        if one in rows and one != MEASURE
    ]
    return Carried(
        [one for one in found if one.count >= FEWEST], [one for one in found if one.count < FEWEST]
    )
