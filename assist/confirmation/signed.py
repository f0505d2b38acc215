"""A name alone under a reply: "Yes please", a blank line, "Jenny". Pure."""

import re

from assist.confirmation.grammar import UNKNOWN
from assist.confirmation.tagging import UNSPACED, clauses_of
from assist.matching.text import fold

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_ONLY_LETTERS = re.compile(r"[^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+)*\.?")
_MOST_WORDS = 2
_MOST_SIGNS = 4


def without_name(text: str, language: str) -> str:
    """Take off a last paragraph that has but one or two words, none of which a table knows."""
    *said, last = _BLANK_LINE.split(text.strip())
    lines = last.splitlines()
    is_signed = said and len(lines) <= _MOST_WORDS and all(_is_name(one, language) for one in lines)
    return "\n\n".join(said) if is_signed else text


def _is_name(line: str, language: str) -> bool:
    line = line.strip()
    if not _ONLY_LETTERS.fullmatch(line) or line[0].islower():
        return False
    roles = "".join(clause.roles for clause in clauses_of(fold(line), language))
    most = _MOST_SIGNS if language in UNSPACED else _MOST_WORDS
    return 0 < len(roles) <= most and set(roles) == {UNKNOWN}
