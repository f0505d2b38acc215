"""How much of an incident's own words a message holds in another form.

Compounds ("Kartenlimit"), loan words ("exportieren") and cognates ("verifica") share letters with
the word they are made of, in languages and on topics that no lexicon lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assist.matching.background import rarity_of_term
from assist.matching.geometry import Floats
from assist.matching.text import Token, has_ideographs, stem

_LEAST_LETTERS = 4
_LEAST_ALIKE = 0.45


def _grams(word: str) -> set[str]:
    """Answer the trigrams of the word from its beginning; endings differ between languages."""
    padded = f" {word}"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct longer words of titles and components: trigrams × words, incidents × words."""

    grams: dict[str, int]
    shares: Floats
    weights: Floats
    sums: Floats

    def likeness(self, words: Sequence[str]) -> Floats:
        """Answer, message words × names, 0 (unlike) to 1 (the name stands in the word)."""
        alike = np.zeros((len(words), self.shares.shape[1]), dtype=np.float32)
        known = [[self.grams[gram] for gram in _grams(w) if gram in self.grams] for w in words]
        sharing = [row for row, grams in enumerate(known) if grams]
        if sharing:
            starts = np.cumsum([0, *(len(known[row]) for row in sharing[:-1])])
            shares = self.shares[[gram for grams in known for gram in grams]]
            alike[sharing] = np.add.reduceat(shares, starts, axis=0)
        return np.asarray(
            np.maximum(alike - _LEAST_ALIKE, 0) / (1 - _LEAST_ALIKE), dtype=np.float32
        )


def longer(words: Iterable[Token]) -> list[str]:
    """Name the words that are long enough to be compared letter by letter, each once."""
    found = dict.fromkeys(word.text for word in words)
    return [word for word in found if len(word) >= _LEAST_LETTERS and not has_ideographs(word)]


def names_of(texts: Sequence[Sequence[Token]]) -> Names:
    words = sorted({word for text in texts for word in longer(text)})
    numbers = {word: number for number, word in enumerate(words)}
    grams: dict[str, int] = {}
    for word in words:
        for gram in _grams(word):
            grams.setdefault(gram, len(grams))
    shares = np.zeros((len(grams), len(words)), dtype=np.float32)
    for word, number in numbers.items():
        own = _grams(word)
        shares[[grams[gram] for gram in own], number] = 1 / len(own)
    weights = np.zeros((len(texts), len(words)), dtype=np.float32)
    rarity = np.array([rarity_of_term(stem(word)) for word in words], dtype=np.float32)
    for row, text in enumerate(texts):
        here = [numbers[word] for word in longer(text)]
        weights[row, here] = rarity[here]
    return Names(grams, shares, weights, weights.sum(axis=1))
