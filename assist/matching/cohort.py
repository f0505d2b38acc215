"""What a message may be about instead: incidents of many trades, learnt with their messages.

A score says little by itself: every message about cards fits every incident of cards somewhat. What
tells is by how much an incident explains a message better than the best of a cohort of others does.
Those that are like the incident itself do not speak against it.
"""

import json
from base64 import b85decode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assist.matching.coverage import Said, Told, coverages, nearest_alike, spread
from assist.matching.geometry import Floats, Numbers, geometry
from assist.matching.lexicon import lexicon

FILE = Path(__file__).with_name("cohort.json")
# How alike the likest of the cohort are from where on what was learnt is believed a little, and
# wholly: of other topics nothing was learnt.
BELIEVED = (0.5, 0.8)
_FLOOR, _CLIP, _LIKEST, _LEAST = -9.0, 8.0, 2, 1e-4
_OF_COMPOUNDS = 0.5


@dataclass(frozen=True, slots=True)
class Learnt:
    """Which concepts of a message go with which of an incident.

    `explains` and `offset` weigh the coverages. `message` and `incident` turn concepts into
    vectors, an incident's by its title and by all that is told; their product is added.
    """

    explains: Floats
    offset: float
    message: Floats
    incident: Floats
    bias: Floats
    constant: float

    def plain(self, said: Said, told: Told) -> Floats:
        """Log-odds by the coverages alone, messages × incidents."""
        covered = coverages(said, told)
        odds = (self.explains @ covered.reshape(len(covered), -1)) + self.offset
        odds = odds.reshape(covered.shape[1:])
        return np.asarray(np.clip(odds, -_CLIP, _CLIP), dtype=np.float32)

    def vectors(self, told: Told) -> Floats:
        return np.concatenate([spread(told.title), spread(told.body)], axis=1) @ self.incident

    def meaning(self, said: Said) -> tuple[Floats, Floats]:
        """The messages' vectors, and what is added whichever the incident."""
        concepts = spread(said.present)
        return concepts @ self.message, concepts @ self.bias + self.constant


@dataclass(frozen=True, slots=True)
class Cohort:
    learnt: Learnt
    told: Told
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Beside:
    """Incidents beside a cohort.

    `against` (incidents × cohort) is what the cohort's scores lose, more the more alike they are;
    `support` is how alike the likest two are.
    """

    cohort: Cohort
    told: Told
    vectors: Floats
    against: Floats
    support: Floats

    def leads(self, said: Said) -> Floats:
        """Answer by how much each incident leads the best of the cohort; messages × incidents."""
        learnt, cohort = self.cohort.learnt, self.cohort
        own, others = learnt.plain(said, self.told), learnt.plain(said, cohort.told)
        vectors, added = learnt.meaning(said)
        meant = own + vectors @ self.vectors.T + added[:, None]
        elsewhere = others + vectors @ cohort.vectors.T + added[:, None]
        low, high = BELIEVED
        belief = np.clip((self.support - low) / (high - low), 0.0, 1.0)
        leads = belief * self._lead(meant, elsewhere) + (1 - belief) * self._lead(own, others)
        return np.asarray(leads, dtype=np.float32)

    def _lead(self, own: Floats, others: Floats) -> Floats:
        best = (others[:, None] + self.against).max(axis=2, initial=_FLOOR)
        return np.asarray(own - best, dtype=np.float32)


def beside(told: Told, cohort: Cohort) -> Beside:
    """Compare incidents with the cohort's, each title read as a message about the other."""
    plain = cohort.learnt.plain
    odds = np.maximum(plain(told.as_said, cohort.told), plain(cohort.told.as_said, told).T)
    alike = 1 / (1 + np.exp(-odds))
    likest = np.sort(alike, axis=1)[:, -_LIKEST:]
    return Beside(
        cohort,
        told,
        cohort.learnt.vectors(told),
        np.asarray(2 * np.log(np.maximum(1 - alike, _LEAST)), dtype=np.float32),
        np.asarray(likest.sum(axis=1) / _LIKEST, dtype=np.float32),
    )


def _packed(data: dict[str, Any], name: str) -> Floats:
    """Read rows of small numbers, a scale for each column."""
    scale = np.array(data[f"{name}_scale"], dtype=np.float32)
    rows = np.frombuffer(b85decode(data[name]), dtype=np.int8).reshape(-1, len(scale))
    return rows.astype(np.float32) * scale


def _incidents(data: dict[str, Any], numbers: Numbers) -> Told:
    """Read what concepts the cohort's incidents have: of title, its compounds, name and body."""
    known = geometry()
    shape = (len(known.weight), len(data["incidents"]))
    title, weights, named, body = (np.zeros(shape, dtype=np.float32) for _ in range(4))
    for column, (heads, compounds, names, bodies) in enumerate(data["incidents"]):
        title[numbers[heads], column] = 1.0
        named[numbers[names], column] = 1.0
        body[numbers[bodies], column] = 1.0
        weights[numbers[heads], column] = known.weight[numbers[heads]]
        weights[numbers[compounds], column] *= _OF_COMPOUNDS
    weights *= (known.subjects + known.symptoms)[:, None]
    return Told(title, body, weights, nearest_alike(named), nearest_alike(body))


def read_cohort(data: dict[str, Any]) -> Cohort:
    """Read a cohort as the training script wrote it; concepts stand there by their names."""
    numbers = np.array([lexicon().named(name).number for name in data["concepts"]], dtype=np.intp)
    message, incident = _packed(data, "message"), _packed(data, "incident")
    count, rank = len(geometry().weight), message.shape[1]
    by_concept = np.zeros((3, count, rank), dtype=np.float32)
    by_concept[:, numbers] = np.stack([message, *np.split(incident, 2)])
    bias = np.zeros(count, dtype=np.float32)
    bias[numbers] = data["bias"]
    learnt = Learnt(
        np.array(data["explains"], dtype=np.float32),
        float(data["offset"]),
        by_concept[0],
        by_concept[1:].reshape(2 * count, rank),
        bias,
        float(data["constant"]),
    )
    told = _incidents(data, numbers)
    return Cohort(learnt, told, learnt.vectors(told))


@lru_cache(maxsize=1)
def cohort() -> Cohort:
    return read_cohort(json.loads(FILE.read_text(encoding="utf-8")))


def nobody() -> Cohort:
    """No cohort: what is read while there is none yet."""
    count = len(geometry().weight)
    nothing = np.zeros((count, 0), dtype=np.float32)
    vectors = np.zeros((2 * count, 1), dtype=np.float32)
    learnt = Learnt(
        np.zeros(19, np.float32), 0.0, vectors[:count], vectors, vectors[:count, 0], 0.0
    )
    return Cohort(learnt, Told(*[nothing] * 5), vectors[:0])
