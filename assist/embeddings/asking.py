"""Vectors of texts from a tenant's model: a limit in seconds, and nothing believed unchecked."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from assist.language_model.connecting import NoAnswer, Server, connected
from assist.language_model.loading import load
from assist.matching.geometry import Floats
from atender.outbound.web import WebLimits

CONNECT_S, TOTAL_S = 2.0, 10.0
AT_ONCE = 16
FEWEST_NUMBERS, MOST_NUMBERS = 8, 4096
# 16 texts of 4,096 numbers of some twenty characters each.
LONGEST_ANSWER = 2_000_000


class EmbeddingServer(Server, Protocol):
    model: str
    dimensions: int | None


def embed(server: EmbeddingServer, texts: Sequence[str], *, within_s: float = TOTAL_S) -> Floats:
    """Return a unit vector a row for each of at most `AT_ONCE` texts; raises NoAnswer.

    The limit is the server's alone: how long our own library takes to load is no failure of its.
    """
    assert 0 < len(texts) <= AT_ONCE
    openai = load()
    limits = WebLimits(connect_s=CONNECT_S, total_s=within_s, body_bytes=LONGEST_ANSWER)
    with connected(openai, server, limits) as client:
        # The library would ask for base64, which not every server speaks.
        answer = client.embeddings.create(
            model=server.model, input=list(texts), encoding_format="float"
        )
    vectors = _read(answer, len(texts))
    if server.dimensions not in (None, vectors.shape[1]):
        raise NoAnswer(
            f"Its vectors have {vectors.shape[1]:,} numbers; they had {server.dimensions:,} before."
        )
    return vectors


def _read(answer: Any, count: int) -> Floats:
    try:
        rows = sorted(answer.data, key=lambda row: row.index)
        if [row.index for row in rows] != list(range(count)):
            raise NoAnswer("The answer does not hold one vector for each text.")
        vectors = np.array([row.embedding for row in rows], dtype=np.float64)
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise NoAnswer("The answer does not hold vectors of one length.") from error
    if vectors.ndim != 2 or not FEWEST_NUMBERS <= vectors.shape[1] <= MOST_NUMBERS:
        raise NoAnswer(f"A vector has {FEWEST_NUMBERS} to {MOST_NUMBERS:,} numbers; these do not.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths <= 0).any():
        raise NoAnswer("A vector in the answer is no direction: all zero, or not finite.")
    return np.asarray(vectors / lengths, dtype=np.float32)
