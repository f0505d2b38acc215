from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assist.matching.background import rarity_of_term
from assist.matching.cohort import Beside, Cohort, beside, cohort
from assist.matching.concepts import Reading, read
from assist.matching.coverage import Said, Told, nearest_alike
from assist.matching.geometry import OF_COMPOUNDS, OTHER, Floats, Numbers, geometry
from assist.matching.languages import languages_of
from assist.matching.likeness import Names, names_of
from assist.matching.records import ActiveIncident
from assist.matching.spelling import short_of_a_letter
from assist.matching.terms import grams_of, terms_of
from assist.matching.text import Token, clean, fold, tokens

_LONGEST_BODY = 1500
# An incident is read thrice: its title, that and its components, and all that is told of it.
TITLE, NAMED, TOLD = range(3)
# Of its words, those of the name and all that is told are weighed.
NAMED_TERMS, TOLD_TERMS = range(2)


@dataclass(frozen=True, slots=True)
class Titles:
    """What the concepts of one kind weigh in the titles, incidents × concepts.

    All concepts, most of them 0: sums are rounded by where their parts stand, and a share that is
    .4 but for its last bit falls on either side of what the trees learnt.
    """

    weights: Floats
    sums: Floats
    heaviest: Numbers


@dataclass(frozen=True, slots=True)
class Index:
    """What matching needs of the active incidents; built once per generation, never changed.

    A message has few concepts and few of the words, so that both come first: `present` and `near`
    are concepts × (title, named, told) × incidents, whether a concept is read there and how near
    it comes to the nearest of its kind; `weights` are terms × (named, told) × incidents.
    """

    incidents: tuple[ActiveIncident, ...]
    languages: tuple[str, ...]
    concepts: tuple[Numbers, ...]
    present: Floats
    near: Floats
    subjects: Titles
    symptoms: Titles
    terms: dict[str, int]
    weights: Floats
    sums: Floats
    grams: dict[str, int]
    gram_shares: Floats
    names: Names
    words: frozenset[str]
    misspelt: dict[str, str]
    beside: Beside


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of an incident, read once."""

    words: list[Token]
    terms: list[str]
    languages: tuple[str, ...]
    reading: Reading


def _read(text: str) -> _Text:
    cleaned = clean(text)
    folded = fold(cleaned)
    words, languages = tokens(folded), languages_of(cleaned)
    return _Text(words, terms_of(words), languages, read(folded, words, languages))


def weights_of(reading: Reading, concepts: Sequence[int] | Numbers) -> Floats:
    """Weigh compounds less: whoever says but one of their words means them all the same."""
    compounds = set(reading.compounds())
    emphasis = [OF_COMPOUNDS if one in compounds else 1.0 for one in concepts]
    return geometry().weight[concepts] * np.array(emphasis, dtype=np.float32)


def said_in(reading: Reading) -> Said:
    """What one message says, by concepts."""
    known, here = geometry(), list(reading.spans)
    present, weights = np.zeros((2, len(known.weight), 1), dtype=np.float32)
    present[here] = 1.0
    weights[here, 0] = weights_of(reading, here) * known.kinds[:OTHER, here].sum(axis=0)
    return Said.of(present, weights)


def _presence(readings: Sequence[Sequence[_Text]]) -> Floats:
    present = np.zeros((len(geometry().weight), len(readings), len(readings[0])), dtype=np.float32)
    for part, texts in enumerate(readings):
        for column, text in enumerate(texts):
            present[list(text.reading.spans), part, column] = 1.0
    return present


def _nearness(present: Floats) -> Floats:
    parts = [nearest_alike(present[:, part]) for part in range(present.shape[1])]
    return np.stack(parts, axis=1)


def _titles(texts: Sequence[_Text], kind: Floats) -> Titles:
    weights = np.zeros((len(texts), len(kind)), dtype=np.float32)
    for row, text in enumerate(texts):
        here = list(text.reading.spans)
        weights[row, here] = weights_of(text.reading, here) * kind[here]
    return Titles(weights, weights.sum(axis=1), weights.argmax(axis=1))


def _weights(
    texts: Sequence[_Text], numbers: dict[str, int], *, saturation: float, average: float
) -> Floats:
    """Weigh terms as BM25 does; `average` is a usual length: no text moves another's weights."""
    weights = np.zeros((len(numbers), len(texts)), dtype=np.float32)
    for column, text in enumerate(texts):
        norm = saturation * (0.25 + 0.75 * len(text.terms) / average)
        for word in set(text.terms):
            count = text.terms.count(word)
            share = count * (saturation + 1) / (count + norm)
            weights[numbers[word], column] = rarity_of_term(word) * share
    return weights


def _gram_shares(grams: Sequence[dict[str, float]], numbers: dict[str, int]) -> Floats:
    """Weigh each title's character trigrams so that a title's column sums to one."""
    shares = np.zeros((len(numbers), len(grams)), dtype=np.float32)
    for column, weighed in enumerate(grams):
        for gram, weight in weighed.items():
            shares[numbers[gram], column] = weight
    return np.asarray(
        shares / np.maximum(shares.sum(axis=0, keepdims=True), 1e-6), dtype=np.float32
    )


def _numbered(words: set[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(sorted(words))}


def build_index(incidents: Sequence[ActiveIncident], others: Cohort | None = None) -> Index:
    """Read the incidents once; O(total text). `others` stand in for the shipped cohort."""
    active = tuple(incidents)
    names = [f"{incident.title}. {'. '.join(incident.components)}." for incident in active]
    bodies = [f"{name} {one.body[:_LONGEST_BODY]}" for name, one in zip(names, active, strict=True)]
    titles = [_read(incident.title) for incident in active]
    named, told = [_read(text) for text in names], [_read(text) for text in bodies]
    terms = _numbered({word for text in told for word in text.terms})
    weighed_grams = [grams_of(text.words) for text in named]
    grams = _numbered({gram for weighed in weighed_grams for gram in weighed})
    own = frozenset(word.text for text in told for word in text.words if len(word.text) > 3)
    known, present = geometry(), _presence((titles, named, told))
    weights = np.stack(
        [
            _weights(named, terms, saturation=1.2, average=6),
            _weights(told, terms, saturation=1.2, average=35),
        ],
        axis=1,
    )
    near = _nearness(present)
    subjects, symptoms = (_titles(titles, kind) for kind in known.kinds[:OTHER])
    as_told = Told(
        present[:, TITLE],
        present[:, TOLD],
        (subjects.weights + symptoms.weights).T,
        near[:, NAMED:].transpose(1, 0, 2),
    )
    return Index(
        incidents=active,
        languages=tuple(text.languages[0] for text in told),
        concepts=tuple(np.array(list(text.reading.spans), dtype=np.intp) for text in told),
        present=present,
        near=near,
        subjects=subjects,
        symptoms=symptoms,
        terms=terms,
        weights=weights,
        sums=weights.sum(axis=0),
        grams=grams,
        gram_shares=_gram_shares(weighed_grams, grams),
        names=names_of([text.words for text in named]),
        words=own,
        misspelt=short_of_a_letter(sorted(own)),
        beside=beside(as_told, cohort() if others is None else others),
    )
