"""Describe a message against every active incident as numbers the model was trained on."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from assist.matching.background import rarity_of_term
from assist.matching.concepts import Reading
from assist.matching.geometry import Floats, geometry, share
from assist.matching.index import NAMED, TITLE, TOLD, Index, said_in, weights_of
from assist.matching.lexicon import lexicon
from assist.matching.likeness import Names, longer
from assist.matching.terms import grams_of
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
    "cohort_lead", "cohort_support",
)  # fmt: skip
# A feature of every incident, or one that is the same for all of them.
Feature = Floats | float


@lru_cache(maxsize=1)
def _flags() -> tuple[int, ...]:
    return tuple(lexicon().named(name).number for name in (*_FLAGS, DUTY))


def _subject_features(index: Index, reading: Reading) -> list[Feature]:
    subjects, own = reading.of_kind("subject"), index.subjects
    if not subjects:
        return [0.0] * 7 + [own.weights.max(axis=1)] + [0.0] * 9
    weights = weights_of(reading, subjects)
    near, each = index.near[subjects], weights[:, None, None]
    weighed = near * each
    # One product an incident, rounded as where the trees learnt: shares lie on their thresholds.
    covered = share(np.ascontiguousarray(near.transpose(1, 2, 0)) @ weights, weights.sum())
    best = weighed.max(axis=0)
    stray = ((1 - near) * each).max(axis=0)
    exact = (index.present[subjects] * geometry().weight[subjects, None, None]).max(axis=0)
    to_message = geometry().nearest(subjects)
    focus = int(weights.argmax())
    return [
        share((own.weights * to_message).sum(axis=1), own.sums),
        covered[NAMED],
        covered[TOLD],
        best[NAMED],
        best[TOLD],
        stray[NAMED],
        stray[TOLD],
        (own.weights * (1 - to_message)).max(axis=1),
        exact[NAMED],
        exact[TOLD],
        float(len(subjects)),
        to_message[own.heaviest] * (own.sums > 0),
        near[focus, NAMED],
        near[focus, TOLD],
        float(weights[focus]),
        covered[TITLE],
        near[focus, TITLE],
    ]


def _symptom_features(index: Index, reading: Reading) -> list[Feature]:
    known, symptoms, own = geometry(), reading.of_kind("symptom"), index.symptoms
    distinct = index.present[known.distinct, TITLE]
    if not symptoms:
        return [0.0] * 9 + [distinct.max(axis=0)]
    weights = known.weight[symptoms, None]
    near, present = index.near[symptoms], index.present[symptoms]
    best = near.max(axis=0)
    exact = (present * weights[:, None]).max(axis=0)
    to_message = known.nearest(symptoms)
    telling = weights * [[one in known.distinct] for one in symptoms]
    return [
        share((own.weights * to_message).sum(axis=1), own.sums),
        best[TITLE],
        best[TOLD],
        exact[TITLE],
        exact[TOLD],
        ((1 - near[:, TOLD]) * weights).max(axis=0),
        float(len(symptoms)),
        float(weights.max()),
        (telling * (1 - present[:, TOLD])).max(axis=0),
        (distinct * (1 - to_message[known.distinct, None])).max(axis=0),
    ]


def _alike(names: Names, message: Sequence[Token]) -> list[Feature]:
    """Answer how much of the names the message's words hold, and its rarest word's best."""
    words = longer(message)
    if not words or not names.weights.shape[1]:
        return [0.0] * 3
    likeness = names.likeness(words)
    best = likeness.max(axis=0)
    rarest = int(np.argmax([rarity_of_term(stem(word)) for word in words]))
    return [
        share(names.weights @ best, names.sums),
        (names.weights * best).max(axis=1),
        (names.weights * likeness[rarest]).max(axis=1),
    ]


def _word_features(index: Index, message: Sequence[Token], terms: Sequence[str]) -> list[Feature]:
    rarity = {term: rarity_of_term(term) for term in terms}
    shared = [term for term in rarity if term in index.terms]
    found = index.weights[[index.terms[term] for term in shared]]
    sums = found.sum(axis=0)
    shares = share(sums, index.sums)
    weights = np.array([rarity[term] for term in shared], dtype=np.float32)
    said = (weights[:, None, None] * (found > 0)).sum(axis=0)
    grams = [index.grams[gram] for gram in grams_of(message) if gram in index.grams]
    return [
        *sums,
        *shares,
        index.gram_shares[grams].sum(axis=0),
        *share(said, sum(rarity.values()) or 1.0),
        *_alike(index.names, message),
        float(min(len(terms), 60)),
    ]


def describe(
    index: Index,
    words: Sequence[Token],
    terms: Sequence[str],
    reading: Reading,
    languages: Sequence[str],
) -> Floats:
    """Answer incidents × features in the order of `NAMES`; O(incidents × concepts)."""
    *flags, duty = (float(number in reading) for number in _flags())
    intents = sum(flags[: len(INTENTS)]) + duty
    complaint = float(bool(reading.of_kind("symptom"))) + flags[len(INTENTS)] - intents
    features = [
        *_subject_features(index, reading),
        *_symptom_features(index, reading),
        *_word_features(index, words, terms),
        # Who writes in another language shares no word with the incident and means it all the same.
        np.array([one in languages for one in index.languages], dtype=np.float32),
        *flags,
        intents,
        complaint,
        index.beside.leads(said_in(reading))[0],
        index.beside.support,
    ]
    described = np.empty((len(NAMES), len(index.incidents)), dtype=np.float32)
    for row, feature in enumerate(features):
        described[row] = feature
    return described.T
