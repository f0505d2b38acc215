import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assist.matching.arabic import without_negation

LONGEST_TEXT = 2000
LONGEST_TOKEN = 40
_MOST_TOKENS = 240
_LETTERS = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe",
        "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": "",
        "’": "'", "‘": "'", "`": "'", "´": "'",
    }
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f\u064b-\u0652\u0670]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")
_ELISION = re.compile(r"\b(l|d|n|j|m|t|s|c|qu|un|dell|nell|all)'(?=\w)")
_CONTRACTION = re.compile(r"(?<=\w)'(?=(?:t|s|d|m|re|ve|ll)\b)")
# Words that only look like another's inflection.
_WHOLE = {
    "bar": "bar", "bars": "bar", "bare": "bare", "barely": "barely", "boarding": "boarding",
    "credited": "credited", "crediting": "crediting",
    "custom": "custom", "customs": "customs", "friendly": "friendly", "hiring": "hiring",
    "important": "important", "issued": "issued", "listed": "listed", "listing": "listing",
    "listings": "listing", "mailing": "mailing", "mailings": "mailing", "odd": "odd",
    "odds": "odds", "onboarding": "onboarding", "please": "please", "pleased": "please",
    "rated": "rated", "rating": "rating", "ratings": "rating", "readings": "readings", "rid": "rid",
    "securities": "securities", "shares": "shares", "shortly": "shortly", "state": "state",
    "states": "state", "them": "them", "where": "where", "wheres": "wheres", "wine": "wine",
}  # fmt: skip
_LATIN = "\u0250"
_WORD = re.compile(r"[^\W_]+")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stands in the folded text."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """Cap the text, take control characters out, compose (NFKC)."""
    return _CONTROL.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST_TEXT]))[:LONGEST_TEXT]


def fold(text: str) -> str:
    """Lower case without accents; letters that only differ in writing become one."""
    if text.isascii():
        plain = text.lower().replace("`", "'")
    else:
        decomposed = unicodedata.normalize("NFD", text.casefold().translate(_LETTERS))
        plain = unicodedata.normalize("NFC", _MARKS.sub("", decomposed)).translate(_LETTERS)
    plain = plain.replace("e-mail", "email").replace("wi-fi", "wifi")
    if "'" not in plain:
        return plain
    return _CONTRACTION.sub("", _ELISION.sub(r"\1 ", plain))


def writing_of(text: str) -> dict[str, str]:
    """Answer how the text writes each of its words, by the word folded."""
    words = _WORD.findall(text)
    return {fold(word): word for word in reversed(words)}


def as_written(pieces: Sequence[str], writing: dict[str, str]) -> tuple[str, ...]:
    """The same pieces of a folded text in the writing of the text itself.

    Where folding joins or splits words, and in scripts without spaces, they stay as they are.
    """
    return tuple(_WORD.sub(lambda at: writing.get(at[0], at[0]), piece) for piece in pieces)


def tokens(folded: str) -> list[Token]:
    found = []
    for word in _WORD.finditer(folded):
        parts = without_negation(word[0]) if word[0] > _LATIN else (word[0],)
        found += [Token(part[:LONGEST_TOKEN], word.start(), word.end()) for part in parts]
        if len(found) >= _MOST_TOKENS:
            break
    return found[:_MOST_TOKENS]


def has_ideographs(text: str) -> bool:
    return _IDEOGRAPH.search(text) is not None


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Take an English ending off; cheap, and the same for lexicon and message."""
    if word in _WHOLE:
        return _WHOLE[word]
    if len(word) < 4 or not word.isascii():
        return word
    root = word
    for ending in ("ings", "ing", "edly", "ied", "ies", "ed", "es", "s", "ly"):
        if root.endswith(ending) and len(root) - len(ending) >= 3:
            root = root[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
        root = root[:-1]
    return root.removesuffix("e") if len(root) > 3 else root
