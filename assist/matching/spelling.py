"""Mend typing errors before words are looked up: a letter lost, added or changed, a space lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assist.matching.background import counts
from assist.matching.concepts import elements_of
from assist.matching.lexicon import UNSPACED, bare_of, lexicon
from assist.matching.text import Token, stem

_LEAST_MENDED = 4
# In Arabic, a short word that lacks a letter is most often another word.
_LEAST_MENDED_IN = {"ar": 6}
_LEAST_BEGINNING = 5
_LEAST_CHANGED = 7
_LONGEST_MENDED = 20
_SMALL = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "go", "got", "has", "he",
     "i", "if", "in", "is", "it", "me", "my", "no", "not", "of", "on", "or", "our", "out", "she",
     "so", "the", "to", "up", "us", "was", "we", "who", "why", "you")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a language, and what each becomes when one letter is lost.

    `known` words are never mended; a word that lost its space is split into `whole` ones.
    """

    known: frozenset[str]
    whole: frozenset[str]
    short_of: dict[str, str]
    beginnings: dict[str, str]


def _losses(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _shortened(words: Iterable[str], least: int) -> dict[str, str]:
    return {loss: word for word in words if len(word) > least for loss in _losses(word)}


@lru_cache(maxsize=32)
def _spelling(language: str) -> Spelling:
    vocabulary = lexicon().languages[language]
    written = [bare_of(word) for word in vocabulary.numbers]
    words, seen = set(written), set()
    if language == "en":
        seen.update(counts()["seldom"])
        words.update(counts()["words"])
    # Frequent words last, so that a loss shared by two words belongs to the likelier.
    often = counts()["terms"]
    ordered = sorted(words, key=lambda word: (often.get(stem(word), 0), word))
    beginnings = [bare_of(word) for word in vocabulary.numbers if word.endswith("*")]
    return Spelling(
        known=frozenset(words | seen),
        whole=frozenset(word for word in words if f"{word}*" not in vocabulary.numbers),
        short_of=_shortened(ordered, _LEAST_MENDED - 1),
        beginnings=_shortened(beginnings, _LEAST_BEGINNING),
    )


def _parts(word: str, spelling: Spelling) -> tuple[str, ...] | None:
    """Split a word that lost its space; the longer the shorter part, the likelier."""
    best: tuple[int, tuple[str, str]] | None = None
    for at in range(1, len(word)):
        left, right = word[:at], word[at:]
        if all(
            part in spelling.whole and (len(part) > 3 or part in _SMALL) for part in (left, right)
        ):
            least = min(len(left), len(right))
            if best is None or least > best[0]:
                best = (least, (left, right))
    return best[1] if best else None


def _with_one_change(word: str, spelling: Spelling) -> str | None:
    """Take one letter out, or change one; only in long words, where few others are that near."""
    if len(word) < _LEAST_CHANGED:
        return None
    for loss in _losses(word):
        if loss in spelling.whole:
            return loss
        near = spelling.short_of.get(loss)
        if near is not None and len(near) == len(word):
            return near
    return None


@lru_cache(maxsize=20_000)
def _mended(language: str, word: str) -> tuple[str, ...]:
    """Answer the word, or the one or two words it most likely was."""
    spelling = _spelling(language)
    if word in spelling.known or elements_of(language, word):
        return (word,)
    if language == "en" and stem(word) in counts()["terms"]:
        return (word,)
    if word in spelling.short_of:
        return (spelling.short_of[word],)
    for end in range(min(len(word), _LONGEST_MENDED), _LEAST_BEGINNING - 1, -1):
        if word[:end] in spelling.beginnings:
            return (spelling.beginnings[word[:end]] + word[end:],)
    parts = _parts(word, spelling)
    if parts:
        return parts
    changed = _with_one_change(word, spelling)
    return (changed,) if changed else (word,)


def mend(
    words: Sequence[Token], languages: Sequence[str], named: dict[str, str], own: frozenset[str]
) -> list[Token]:
    """Answer the words mended, each still standing where it stood in the message.

    `own` are the incidents' words, never mended; `named` answers what they are short of a letter.
    """
    language = languages[0]
    least = _LEAST_MENDED_IN.get(language, _LEAST_MENDED)
    mended: list[Token] = []
    for word in words:
        text = word.text
        if len(text) < least or len(text) > _LONGEST_MENDED or text in own:
            mended.append(word)
        elif text in named:
            mended.append(Token(named[text], word.start, word.end))
        elif (
            language in UNSPACED
            or not text.isalpha()
            or any(elements_of(other, text) for other in (*languages[1:], "xx"))
        ):
            mended.append(word)
        else:
            parts = _mended(language, text)
            mended += [Token(part, word.start, word.end) for part in parts]
    return mended


def short_of_a_letter(words: Iterable[str]) -> dict[str, str]:
    """Answer every way the longer words lose one letter, with the word."""
    return _shortened(words, _LEAST_BEGINNING)
