from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assist.matching.background import rarity_of_term
from assist.matching.concepts import Reading, read
from assist.matching.languages import languages_of
from assist.matching.lexicon import lexicon
from assist.matching.likeness import Names, names_of
from assist.matching.records import ActiveIncident
from assist.matching.spelling import short_of_a_letter
from assist.matching.terms import grams_of, terms_of
from assist.matching.text import Token, clean, fold, tokens

Floats = NDArray[np.float32]
_LONGEST_BODY = 1500
_OF_COMPOUNDS = 0.5


@dataclass(frozen=True, slots=True)
class Index:
    """What matching needs of the active incidents; built once per generation, never changed.

    Concept arrays are incidents × concepts, term arrays terms × incidents.
    """

    incidents: tuple[ActiveIncident, ...]
    languages: tuple[str, ...]
    title: Floats
    emphasis: Floats
    named: Floats
    told: Floats
    terms: dict[str, int]
    title_terms: Floats
    full_terms: Floats
    grams: dict[str, int]
    gram_shares: Floats
    names: Names
    words: frozenset[str]
    misspelt: dict[str, str]

    def only(self, rows: NDArray[np.intp]) -> "Index":
        """Answer the index of some of the incidents, over the same terms."""
        return replace(
            self,
            incidents=tuple(self.incidents[row] for row in rows),
            languages=tuple(self.languages[row] for row in rows),
            title=self.title[rows],
            emphasis=self.emphasis[rows],
            named=self.named[rows],
            told=self.told[rows],
            title_terms=self.title_terms[:, rows],
            full_terms=self.full_terms[:, rows],
            gram_shares=self.gram_shares[:, rows],
            names=self.names.only(rows),
        )


def _words(text: str) -> list[Token]:
    return tokens(fold(clean(text)))


def _read(text: str) -> Reading:
    cleaned = clean(text)
    folded = fold(cleaned)
    return read(folded, tokens(folded), languages_of(cleaned))


def emphasis_of(reading: Reading) -> Floats:
    """Weigh compounds less: whoever says but one of their words means them all the same."""
    weights = np.ones(len(lexicon().concepts), dtype=np.float32)
    weights[reading.compounds()] = _OF_COMPOUNDS
    return weights


def _presence(texts: Sequence[str]) -> Floats:
    present = np.zeros((len(texts), len(lexicon().concepts)), dtype=np.float32)
    for row, text in enumerate(texts):
        present[row, list(_read(text).spans)] = 1.0
    return present


def _weights(
    texts: Sequence[str], numbers: dict[str, int], *, saturation: float, average: float
) -> Floats:
    """Weigh terms as BM25 does; `average` is a usual length: no text moves another's weights."""
    weights = np.zeros((len(numbers), len(texts)), dtype=np.float32)
    for column, text in enumerate(texts):
        words = terms_of(_words(text))
        norm = saturation * (0.25 + 0.75 * len(words) / average)
        for word in set(words):
            count = words.count(word)
            share = count * (saturation + 1) / (count + norm)
            weights[numbers[word], column] = rarity_of_term(word) * share
    return weights


def _gram_shares(texts: Sequence[str], numbers: dict[str, int]) -> Floats:
    """Weigh each title's character trigrams so that a title's column sums to one."""
    shares = np.zeros((len(numbers), len(texts)), dtype=np.float32)
    for column, text in enumerate(texts):
        for gram, weight in grams_of(_words(text)).items():
            shares[numbers[gram], column] = weight
    return np.asarray(
        shares / np.maximum(shares.sum(axis=0, keepdims=True), 1e-6), dtype=np.float32
    )


def build_index(incidents: Sequence[ActiveIncident]) -> Index:
    """Read the incidents once; O(total text)."""
    active = tuple(incidents)
    titles = [incident.title for incident in active]
    named = [f"{incident.title}. {'. '.join(incident.components)}." for incident in active]
    told = [f"{name} {one.body[:_LONGEST_BODY]}" for name, one in zip(named, active, strict=True)]
    words = sorted({word for text in told for word in terms_of(_words(text))})
    terms = {word: number for number, word in enumerate(words)}
    every_gram = sorted({gram for text in named for gram in grams_of(_words(text))})
    grams = {gram: number for number, gram in enumerate(every_gram)}
    own = frozenset(token.text for text in told for token in _words(text) if len(token.text) > 3)
    return Index(
        incidents=active,
        languages=tuple(languages_of(clean(text))[0] for text in told),
        title=_presence(titles),
        emphasis=np.stack([emphasis_of(_read(one)) for one in titles])
        if titles
        else np.zeros((0, len(lexicon().concepts)), dtype=np.float32),
        named=_presence(named),
        told=_presence(told),
        terms=terms,
        title_terms=_weights(named, terms, saturation=1.2, average=6),
        full_terms=_weights(told, terms, saturation=1.2, average=35),
        grams=grams,
        gram_shares=_gram_shares(named, grams),
        names=names_of([_words(text) for text in named]),
        words=own,
        misspelt=short_of_a_letter(sorted(own)),
    )
