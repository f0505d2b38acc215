"""What a message complains of, in the matcher's concepts, and how alike two are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assist.matching import build_index
from assist.matching.features import DUTY, INTENTS
from assist.matching.geometry import Floats, geometry
from assist.matching.index import Index
from assist.matching.lexicon import Concept, lexicon
from assist.matching.matcher import prepare

# Who asks how much or for how long has a question, unless it says beside what fails and what does
# not happen ("it says I reached my limit, and I have not used the card"), or what was done twice.
QUESTIONS = frozenset({"price", "limit", "supported", "social"})
# Who asks in any other way, or why they must, complains only where a fault is named beside.
ASKING = frozenset({*INTENTS, DUTY}) - QUESTIONS
# "The app does not know me": a negation alone says that something fails.
NEGATION, ANY_FAULT = "neg", "fail"
# "Charged twice for my payment", which names a price as well.
TWICE = "duplicate"
# How much of two complaints' likeness is in what fails; the rest is in how.
OF_WHAT = 0.4


@dataclass(frozen=True, slots=True)
class Fault:
    """What fails and how, by the names of the lexicon; no customer's words."""

    subjects: tuple[str, ...]
    symptoms: tuple[str, ...]

    @property
    def is_telling(self) -> bool:
        """Whether it says what fails and how: "it does nothing" is like no other complaint."""
        return bool(self.subjects and self.symptoms)


@dataclass(frozen=True, slots=True)
class Heard:
    fault: Fault
    language: str


@lru_cache(maxsize=1)
def _no_incidents() -> Index:
    return build_index(())


def hear(text: str) -> Heard:
    """Read a customer's words as the matcher does; about 0.3 ms."""
    message = prepare(text, _no_incidents())
    known = lexicon().concepts
    found = [known[number] for number in message.reading.spans]
    return Heard(_fault(found), message.languages[0])


def _fault(found: Sequence[Concept]) -> Fault:
    names = {concept.name for concept in found}
    subjects = tuple(sorted(one.name for one in found if one.kind == "subject"))
    symptoms = tuple(sorted(one.name for one in found if one.kind == "symptom"))
    if names & QUESTIONS and not _complains_of_price(names, symptoms):
        return Fault((), ())
    if not symptoms and NEGATION in names and not names & ASKING:
        symptoms = (ANY_FAULT,)
    return Fault(subjects, symptoms)


def _complains_of_price(names: set[str], symptoms: Sequence[str]) -> bool:
    if TWICE in names and not names & ASKING:
        return True
    return bool(symptoms) and NEGATION in names


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    return {concept.name: concept.number for concept in lexicon().concepts}


@lru_cache(maxsize=20_000)
def _shares(named: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Answer what share of a text each concept has, and how near each comes to the text."""
    known, numbers = geometry(), _numbers()
    # A concept that a later release does not know any more counts for nothing.
    places = [numbers[name] for name in named if name in numbers]
    share = np.zeros(len(known.weight), dtype=np.float32)
    share[places] = known.weight[places] ** 2
    nearest = known.near[places].max(axis=0) if places else share
    return share / max(float(share.sum()), 1e-6), nearest


def _covered(these: Sequence[tuple[str, ...]], those: Sequence[tuple[str, ...]]) -> Floats:
    """Answer, these × those, how much of either is in the other, on average."""
    one, near_one = (np.stack(part) for part in zip(*map(_shares, these), strict=True))
    other, near_other = (np.stack(part) for part in zip(*map(_shares, those), strict=True))
    return np.asarray((one @ near_other.T + near_one @ other.T) / 2, dtype=np.float32)


def likeness(these: Sequence[Fault], those: Sequence[Fault]) -> Floats:
    """Answer, these × those, how alike they are: 0 to 1; O(distinct × distinct × concepts)."""
    if not these or not those:
        return np.zeros((len(these), len(those)), dtype=np.float32)
    ones, places = _distinct(these)
    others, other_places = _distinct(those)
    what = _covered([one.subjects for one in ones], [one.subjects for one in others])
    how = _covered([one.symptoms for one in ones], [one.symptoms for one in others])
    shares = np.asarray(what * (OF_WHAT + (1 - OF_WHAT) * how), dtype=np.float32)
    return np.asarray(shares[np.ix_(places, other_places)], dtype=np.float32)


def _distinct(faults: Sequence[Fault]) -> tuple[list[Fault], list[int]]:
    """Each once, and the place of every one among these: where thousands write, few differ."""
    numbers = {fault: number for number, fault in enumerate(dict.fromkeys(faults))}
    return list(numbers), [numbers[fault] for fault in faults]
