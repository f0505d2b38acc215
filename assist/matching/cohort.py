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

from assist.matching.coverage import COVERAGES, Said, Told, coverages, nearest_alike, spread
from assist.matching.geometry import OF_COMPOUNDS, OTHER, Floats, Numbers, geometry
from assist.matching.lexicon import lexicon

FILE = Path(__file__).with_name("cohort.json")
# How alike the likest of the cohort are from where on what was learnt is believed a little, and
# wholly: of other topics nothing was learnt.
BELIEVED = (0.5, 0.8)
# Odds are kept this near to even: a likeness stays below 1, whose discount would have no end.
_CLIP = 8.0
_LIKEST = 2


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

    def plain(self, said: Said, *told: Told) -> Floats:
        """Log-odds by the coverages alone, messages × incidents."""
        covered = coverages(said, *told)
        odds = (self.explains @ covered.reshape(len(covered), -1)) + self.offset
        return np.asarray(np.clip(odds.reshape(covered.shape[1:]), -_CLIP, _CLIP))

    def vectors(self, told: Told) -> Floats:
        return np.concatenate([spread(told.title), spread(told.body)], axis=1) @ self.incident


@dataclass(frozen=True, slots=True)
class Cohort:
    """Incidents, one at least, with their vectors."""

    learnt: Learnt
    told: Told
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Beside:
    """Incidents beside a cohort.

    `vectors` are theirs and the cohort's; `against` (incidents × cohort) is what the cohort's
    scores lose, more the more alike they are; `support` is how alike the likest two are, and
    `belief` how far it goes that vectors count.
    """

    cohort: Cohort
    told: Told
    vectors: Floats
    against: Floats
    support: Floats
    belief: Floats

    def leads(self, said: Said) -> Floats:
        """Answer by how much each incident leads the best of the cohort; messages × incidents.

        Where no concept was read there is nothing to explain, and none leads.
        """
        learnt, active = self.cohort.learnt, len(self.support)
        plain = learnt.plain(said, self.told, self.cohort.told)
        meaning = spread(said.present) @ learnt.message
        odds = np.stack([plain, plain + meaning @ self.vectors.T])
        others = odds[:, :, None, active:] + self.against
        by_words, meant = odds[:, :, :active] - others.max(axis=3)
        leads = by_words + self.belief * (meant - by_words)
        leads[~said.present.any(axis=0)] = 0.0
        return np.asarray(leads, dtype=np.float32)


def alike(learnt: Learnt, one: Told, other: Told) -> Floats:
    """Answer how alike incidents are, 0 to 1: each title read as a message about the other."""
    odds = np.maximum(learnt.plain(one.as_said, other), learnt.plain(other.as_said, one).T)
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


def discount(likeness: Floats) -> Floats:
    """Answer what an incident that is so alike, less than 1, loses as log-odds: its like never
    speaks against an incident.
    """
    return np.asarray(2 * np.log(1 - likeness), dtype=np.float32)


def beside(told: Told, cohort: Cohort) -> Beside:
    likeness = alike(cohort.learnt, told, cohort.told)
    support = np.sort(likeness, axis=1)[:, -_LIKEST:].sum(axis=1) / _LIKEST
    low, high = BELIEVED
    return Beside(
        cohort,
        told,
        np.concatenate([cohort.learnt.vectors(told), cohort.vectors]),
        discount(likeness),
        support,
        np.clip((support - low) / (high - low), 0.0, 1.0),
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
        weights[numbers[compounds], column] *= OF_COMPOUNDS
    weights *= known.kinds[:OTHER].sum(axis=0)[:, None]
    near = np.stack([nearest_alike(named), nearest_alike(body)])
    return Told(title, body, weights, near)


def read_cohort(data: dict[str, Any]) -> Cohort:
    """Read a cohort as the training script wrote it; concepts stand there by their names."""
    numbers = np.array([lexicon().named(name).number for name in data["concepts"]], dtype=np.intp)
    message, incident = _packed(data, "message"), _packed(data, "incident")
    count, rank = len(geometry().weight), message.shape[1]
    by_concept = np.zeros((3, count, rank), dtype=np.float32)
    by_concept[:, numbers] = np.stack([message, *np.split(incident, 2)])
    learnt = Learnt(
        np.array([data["explains"][name] for name in COVERAGES], dtype=np.float32),
        float(data["offset"]),
        by_concept[0],
        by_concept[1:].reshape(2 * count, rank),
    )
    told = _incidents(data, numbers)
    return Cohort(learnt, told, learnt.vectors(told))


@lru_cache(maxsize=1)
def cohort() -> Cohort:
    return read_cohort(json.loads(FILE.read_text(encoding="utf-8")))
