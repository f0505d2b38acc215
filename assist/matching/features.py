"""Describe a message against every active incident as numbers the model was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assist.matching.background import rarity_of_term
from assist.matching.concepts import Reading
from assist.matching.index import Floats, Index, emphasis_of
from assist.matching.lexicon import DISTINCT, lexicon
from assist.matching.likeness import Names, longer
from assist.matching.terms import grams_of, terms_of
from assist.matching.text import Token, stem

INTENTS = ("howto", "isitpossible", "whatis", "price", "limit", "supported", "wants", "social")
_FLAGS = (*INTENTS, "urgent", "neg")
# Questions and objections about a duty: counted among the intents, and no feature of its own.
DUTY = "duty"
NAMES = (
    "title_subjects_covered", "message_subjects_in_title", "message_subjects_told",
    "best_subject_title", "best_subject_told", "worst_stray_subject", "worst_stray_told",
    "worst_uncovered", "exact_title", "exact_told", "subject_count",
    "heaviest_title_covered", "focus_in_title", "focus_told", "focus_weight",
    "message_subjects_in_headline", "focus_in_headline",
    "title_symptoms_covered", "symptom_in_title", "symptom_told", "symptom_exact_title",
    "symptom_exact_told", "stray_symptom", "symptom_count", "symptom_weight",
    "stray_distinct", "worst_distinct_uncovered",
    "bm25_title", "bm25_full", "bm25_title_share", "bm25_full_share", "gram_share",
    "message_words_in_title", "message_words_told", "names_alike", "best_name_alike",
    "rarest_word_alike", "word_count", "same_language", *_FLAGS, "intent_count", "complaint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Geometry:
    """Per concept: weight, kind masks, and how near each is to each."""

    weight: Floats
    subjects: Floats
    symptoms: Floats
    distinct: Floats
    near: Floats
    flags: tuple[int, ...]

    def nearest(self, present: Floats) -> Floats:
        """Answer how near each concept comes to the closest of those present."""
        return np.asarray(self.near[present > 0].max(axis=0, initial=0.0), dtype=np.float32)


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
        distinct=np.array([c.name in DISTINCT for c in concepts], dtype=np.float32),
        near=near,
        flags=tuple(lexicon().named(name).number for name in (*_FLAGS, DUTY)),
    )


def _share(part: Floats, whole: Floats | float) -> Floats:
    return np.asarray(part / np.maximum(whole, 1e-6), dtype=np.float32)


def _nearest(of: Floats, to: Floats) -> Floats:
    """Answer, incidents × concepts, how near each concept of `of` comes to the closest in `to`."""
    near = geometry().near
    return np.asarray((to[:, None, :] * near[of > 0][None, :, :]).max(axis=2), dtype=np.float32)


def _of_kind(reading: Reading, mask: Floats) -> Floats:
    present = np.zeros(len(mask), dtype=np.float32)
    present[list(reading.spans)] = 1.0
    return np.asarray(present * mask, dtype=np.float32)


def _subject_features(index: Index, message: Floats, emphasis: Floats) -> list[Floats]:
    known = geometry()
    count, rows = message.sum(), len(index.incidents)
    title, told = index.named * known.subjects, index.told * known.subjects
    if not count:
        nothing = np.zeros(rows, dtype=np.float32)
        uncovered = (index.title * index.emphasis * known.subjects * known.weight).max(axis=1)
        return [nothing] * 7 + [uncovered] + [nothing] * 9
    weights = (known.weight * emphasis)[message > 0]
    in_title, in_told = _nearest(message, title), _nearest(message, told)
    in_headline = _nearest(message, index.title * known.subjects)
    to_message = known.nearest(message)
    own_title = index.title * index.emphasis * known.subjects * known.weight
    focus = int(weights.argmax())
    return [
        _share((own_title * to_message).sum(axis=1), own_title.sum(axis=1)),
        _share(in_title @ weights, weights.sum()),
        _share(in_told @ weights, weights.sum()),
        (in_title * weights).max(axis=1),
        (in_told * weights).max(axis=1),
        ((1 - in_title) * weights).max(axis=1),
        ((1 - in_told) * weights).max(axis=1),
        (own_title * (1 - to_message)).max(axis=1),
        (title * message * known.weight).max(axis=1),
        (told * message * known.weight).max(axis=1),
        np.full(rows, count, dtype=np.float32),
        to_message[own_title.argmax(axis=1)] * (own_title.max(axis=1) > 0),
        in_title[:, focus],
        in_told[:, focus],
        np.full(rows, weights[focus], dtype=np.float32),
        _share(in_headline @ weights, weights.sum()),
        in_headline[:, focus],
    ]


def _symptom_features(index: Index, message: Floats) -> list[Floats]:
    known = geometry()
    rows = len(index.incidents)
    title, told = index.title * known.symptoms, index.told * known.symptoms
    if not message.sum():
        return [np.zeros(rows, dtype=np.float32)] * 9 + [(title * known.distinct).max(axis=1)]
    weights = known.weight[message > 0]
    in_title, in_told = _nearest(message, title), _nearest(message, told)
    to_message = known.nearest(message)
    weighed = title * known.weight
    distinct = known.distinct * message * known.weight
    return [
        _share((weighed * to_message).sum(axis=1), weighed.sum(axis=1)),
        in_title.max(axis=1),
        in_told.max(axis=1),
        (title * message * known.weight).max(axis=1),
        (told * message * known.weight).max(axis=1),
        ((1 - in_told) * weights).max(axis=1),
        np.full(rows, message.sum(), dtype=np.float32),
        np.full(rows, weights.max(), dtype=np.float32),
        (distinct * (1 - told)).max(axis=1),
        (title * known.distinct * (1 - to_message)).max(axis=1),
    ]


def _alike(names: Names, message: Sequence[Token]) -> list[Floats]:
    """Answer how much of the names the message's words hold, and its rarest word's best."""
    words, rows = longer(message), len(names.weights)
    if not words or not names.weights.shape[1]:
        return [np.zeros(rows, dtype=np.float32)] * 3
    likeness = names.likeness(words)
    best = likeness.max(axis=0)
    rarest = int(np.argmax([rarity_of_term(stem(word)) for word in words]))
    return [
        _share(names.weights @ best, names.weights.sum(axis=1)),
        (names.weights * best).max(axis=1),
        (names.weights * likeness[rarest]).max(axis=1),
    ]


def _word_features(index: Index, message: Sequence[Token]) -> list[Floats]:
    words = terms_of(message)
    index_words = [word for word in dict.fromkeys(words) if word in index.terms]
    known = [index.terms[word] for word in index_words]
    in_title = index.title_terms[known].sum(axis=0)
    in_full = index.full_terms[known].sum(axis=0)
    grams = [index.grams[gram] for gram in grams_of(message) if gram in index.grams]
    rarity = {word: rarity_of_term(word) for word in words}
    spoken = sum(rarity.values()) or 1.0
    weights = np.array([rarity[word] for word in index_words], dtype=np.float32)
    return [
        in_title,
        in_full,
        _share(in_title, index.title_terms.sum(axis=0)),
        _share(in_full, index.full_terms.sum(axis=0)),
        index.gram_shares[grams].sum(axis=0),
        _share(weights @ (index.title_terms[known] > 0), spoken),
        _share(weights @ (index.full_terms[known] > 0), spoken),
        *_alike(index.names, message),
        np.full(len(index.incidents), min(len(words), 60), dtype=np.float32),
    ]


def describe(
    index: Index, words: Sequence[Token], reading: Reading, languages: Sequence[str]
) -> Floats:
    """Answer incidents × features in the order of `NAMES`; O(incidents × concepts)."""
    known = geometry()
    subjects, symptoms = _of_kind(reading, known.subjects), _of_kind(reading, known.symptoms)
    *flags, duty = (float(number in reading) for number in known.flags)
    intents = sum(flags[: len(INTENTS)]) + duty
    complaint = float(symptoms.sum() > 0) + flags[len(INTENTS)] - intents
    columns = [
        *_subject_features(index, subjects, emphasis_of(reading)),
        *_symptom_features(index, symptoms),
        *_word_features(index, words),
    ]
    rows = len(index.incidents)
    # Who writes in another language shares no word with the incident, and means it all the same.
    columns.append(np.array([one in languages for one in index.languages], dtype=np.float32))
    columns += [np.full(rows, flag, dtype=np.float32) for flag in (*flags, intents, complaint)]
    return np.stack(columns, axis=1).astype(np.float32)
