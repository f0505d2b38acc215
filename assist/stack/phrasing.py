"""What a model may do to the stack's answer: add words between the facts, never change them. Pure.

A model sees no fact. It gets places, `{status}` and the like, and returns a text with each place
once and in order; whole sentences of the stack's own are put there afterwards. What stands between
them is held to be idle: no number, no address, no word that tells how things stand or when.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from assist.matching.languages import languages_of
from assist.matching.text import fold

FILE = Path(__file__).with_name("telling.txt")
PLACES = ("known", "status", "affected", "eta", "next", "page", "offer")
DRAFT = "{known} {status} {affected} {eta} {next}\n{page}\n{offer}"
LONGEST_OWN = 320
LONGEST_BETWEEN = 200
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\d|[零〇一二三四五六七八九十百千両]")
_ADDRESS = re.compile(r"[@/\\<>{}\[\]`|#%^~=_*]|www\.|\.\w{2,}\b")
# Apologies that are built with a negation.
_APOLOGY = re.compile("申し訳(?:ござい|あり)ません|不便")
_UNSPACED = frozenset({"ja", "zh"})
_ENOUGH_TO_TELL = 12


class Unfit(Exception):
    """A text that may not be used; the sentence says why, without quoting it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@cache
def telling_words() -> dict[str, re.Pattern[str]]:
    """Per language, the words that tell how things stand or when; those of `xx` for all."""
    lines = [line.split(" ", 1) for line in FILE.read_text(encoding="utf-8").splitlines()]
    written = {language: words for language, words in lines if language != "#"}
    everywhere = written.pop("xx")
    return {
        language: _pattern(language, f"{words}, {everywhere}")
        for language, words in written.items()
    }


def _pattern(language: str, words: str) -> re.Pattern[str]:
    parts = [re.escape(fold(word)).replace(r"\*", r"\w*") for word in words.split(", ")]
    edge = "" if language in _UNSPACED else r"\b"
    # Arabic writes article and prepositions onto the word.
    start = r"\b(?:و|ف|ب|ك|ل)?(?:ال)?" if language == "ar" else edge
    return re.compile(f"{start}(?:{'|'.join(parts)}){edge}")


def check(text: str, language: str) -> str:
    """Return the text made tidy; raises Unfit."""
    tidy = re.sub(r"[ \t]+", " ", text.replace("\r\n", "\n")).strip()
    if tuple(_PLACE.findall(tidy)) != PLACES:
        raise Unfit("It does not keep every place, once and in order.")
    own = _PLACE.split(tidy)[::2]
    between = [piece.strip() for piece in own]
    said = " ".join(piece for piece in between if piece)
    if len(said) > LONGEST_OWN or max(map(len, between)) > LONGEST_BETWEEN:
        raise Unfit("It is too long.")
    if tidy.count("\n") > DRAFT.count("\n") + 2 or not tidy.replace("\n", " ").isprintable():
        raise Unfit("It has line breaks or signs that do not belong there.")
    if _NUMBER.search(said):
        raise Unfit("It names a number of its own.")
    if _ADDRESS.search(said):
        raise Unfit("It holds an address or markup of its own.")
    heard = fold(_APOLOGY.sub(" ", said))
    if any(words.search(heard) for words in _heard_in(language)):
        raise Unfit("It tells in its own words how things stand, or when.")
    long = [piece for piece in between if len(piece) >= _ENOUGH_TO_TELL]
    if any(language not in languages_of(piece) for piece in long):
        raise Unfit("It is in another language.")
    return tidy


def _heard_in(language: str) -> list[re.Pattern[str]]:
    known = telling_words()
    return [known[language], known["en"]]


def fill(text: str, sentences: Mapping[str, str], *, language: str) -> str:
    """Put the stack's sentences in their places; a place without one closes up."""
    joined = re.sub(r" ?(\{\w+\}) ?", r"\1", text) if language in _UNSPACED else text
    # Places first: what a sentence holds, such as a title, is never taken for one.
    kept = _PLACE.sub(lambda place: place[0] if place[1] in sentences else "", joined)
    lines = [re.sub(" {2,}", " ", line).strip() for line in kept.split("\n")]
    lines = [_PLACE.sub(lambda place: sentences[place[1]], line) for line in lines]
    return "\n".join(line for line in lines if line)
