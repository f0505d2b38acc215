"""The words of each language by what they do in a reply, as its table in `grammar/` lists them.

`x*` in a table is a beginning, `*x` an ending, `(a|b)` a choice and `(a|b)?` one that may be
missing; what else stands there is a regular expression, such as what looks ahead.
"""

import re
from functools import cache
from pathlib import Path

from assist.matching.text import fold

TABLES = Path(__file__).with_name("grammar")
EVERYWHERE = "common"
ROLES = {
    "yes": "Y", "no": "N", "not": "n", "against": "B", "worry": "P", "check": "c", "want": "W",
    "tell": "T", "news": "U", "me": "M", "good": "G", "would": "C", "grateful": "g", "doubt": "D",
    "thanks": "K", "ok": "k", "for": "f", "please": "L", "if": "I", "when": "H", "fixed": "F",
    "ask": "Q", "told": "A", "also": "a", "other": "O", "reason": "r", "but": "b", "turn": "t",
    "greeting": "h", "beside": "e", "doer": "i", "third": "o", "lest": "l",
    "hedge": "v", "sure": "S", "hello": "j", "idle": "y", "weary": "w", "about": "p",
    "eager": "E",
}  # fmt: skip
UNKNOWN = "X"
# Words of two roles: "no" refuses alone and negates in "no problem"; "wrong" refuses where nothing
# negates it.
_BOTH = {frozenset("Nn"): "Z", frozenset("NB"): "V"}
_CHOICE = re.compile(r"\(([^()]*)\)([?*]?)")


@cache
def words_of(language: str) -> dict[str, str]:
    """Every word or phrase of a language with the letter of its role, the longest first."""
    words: dict[str, str] = {}
    for name in (language, EVERYWHERE):
        for role, word in _listed(name):
            known = words.setdefault(word, role)
            words[word] = _BOTH.get(frozenset(known + role), known)
    # The longer says more: "no problem" before "no".
    return dict(sorted(words.items(), key=_weight, reverse=True))


def _listed(name: str) -> list[tuple[str, str]]:
    table = (TABLES / f"{name}.txt").read_text(encoding="utf-8")
    listed = []
    # A line that begins with a space goes on with the one above it.
    for line in re.split(r"\n(?! )", table.strip()):
        role, words = line.split(":", 1)
        folded = (fold(word) for word in re.split(r",\s+", words.strip()))
        listed += [(ROLES[role], one) for word in folded for one in _written_out(word)]
    return listed


def _written_out(word: str) -> list[str]:
    """Write `a( b|c)?` out as `a`, `a b` and `a c`; what looks ahead stays as it is."""
    group = None if looks_ahead(word) else _CHOICE.search(word)
    if group is None:
        return [word]
    choices = [*group[1].split("|"), *([""] if group[2] else [])]
    ends = word[: group.start()], word[group.end() :]
    return [one for choice in choices for one in _written_out(ends[0] + choice + ends[1])]


def looks_ahead(word: str) -> bool:
    return "(?" in word


def _weight(item: tuple[str, str]) -> int:
    return len(re.sub(r"[*?()\\]", "", item[0]))
