from collections.abc import Iterable

from assist.matching.background import rarity_of_term
from assist.matching.text import Token, has_ideographs, stem


def terms_of(words: Iterable[Token]) -> list[str]:
    """Split into stemmed words; ideographs, written without spaces, into pairs."""
    found: list[str] = []
    for token in words:
        word = token.text
        if has_ideographs(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        else:
            found.append(stem(word))
    return found


def grams_of(words: Iterable[Token]) -> dict[str, float]:
    """Weigh the character trigrams of the rarer words; they survive typing errors."""
    grams: dict[str, float] = {}
    for token in words:
        rarity = rarity_of_term(stem(token.text))
        if len(token.text) < 3 or rarity < 2.0:
            continue
        padded = f" {token.text} "
        for at in range(len(padded) - 2):
            gram = padded[at : at + 3]
            grams[gram] = max(grams.get(gram, 0.0), rarity)
    return grams
