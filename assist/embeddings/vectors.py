"""Stored vectors, of one model at a time, and nearness computed from them."""

from collections.abc import Iterable
from hashlib import sha256

import numpy as np

from assist.matching import ActiveIncident, Index
from assist.matching.geometry import Floats
from assist.matching.meaning import nearness
from assist.matching.text import clean
from assist.matching.wrapping import unwrap
from assist.models import EmbeddingModel, IncidentVector
from assist.personal_data import without_personal_data

# The language whose ordinary messages every other is measured by.
MEASURE = "en"
LONGEST_MESSAGE, LONGEST_BODY = 1_000, 1_500
_KEPT = np.dtype("<f4")


def text_of_message(text: str) -> str:
    """What is sent of a customer's words: without greeting, signature, addresses and numbers."""
    return without_personal_data(unwrap(clean(text)))[:LONGEST_MESSAGE]


def text_of_incident(incident: ActiveIncident) -> str:
    """What is sent of an incident. Components are left out: pages list different ones."""
    return f"{incident.title}. {incident.body[:LONGEST_BODY]}".strip()


def digest_of(incident: ActiveIncident) -> str:
    return sha256(text_of_incident(incident).encode()).hexdigest()


def to_bytes(vectors: Floats) -> bytes:
    return vectors.astype(_KEPT).tobytes()


def from_bytes(kept: bytes | memoryview, dimensions: int) -> Floats:
    """Read vectors, a row each."""
    return np.frombuffer(bytes(kept), dtype=_KEPT).reshape(-1, dimensions)


def vectors_of(model: EmbeddingModel, incidents: Iterable[ActiveIncident]) -> Floats:
    """Answer a row per incident: the vector of its text as it is now, NaN where there is none."""
    active, dimensions = list(incidents), model.dimensions or 0
    rows = np.full((len(active), dimensions), np.nan, dtype=np.float32)
    kept = IncidentVector.objects.filter(model=model, incident__in=[one.id for one in active])
    there = {row.incident_id: row for row in kept}
    for number, incident in enumerate(active):
        row = there.get(incident.id)
        if row is not None and row.digest == digest_of(incident):
            rows[number] = from_bytes(row.vector, dimensions)[0]
    return rows


def near_in(model: EmbeddingModel, message: Floats, language: str, index: Index) -> Floats | None:
    """Answer how near each incident is; None where nothing that it takes is there."""
    rows = model.ordinary.filter(language__in=[language, MEASURE])
    there = {row.language: row.vectors for row in rows}
    if not there.keys() >= {language, MEASURE} or not model.dimensions or not index.incidents:
        return None
    incidents = vectors_of(model, index.incidents)
    if np.isnan(incidents).all():
        return None
    ordinary, english = (from_bytes(there[one], model.dimensions) for one in (language, MEASURE))
    return nearness(message, incidents, ordinary, english)
