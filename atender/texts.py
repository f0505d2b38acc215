"""Cleans text from people and programs."""

import unicodedata

from atender.refusals import Refused

LONGEST_TEXT = 20_000
# Controls, and halves of surrogate pairs, which JSON may hold and no database or mail takes.
LEFT_OUT = ("Cc", "Cs")
# These and controls of direction or joining leave no mark. What this Python has no name for yet
# may be a new emoji.
UNSEEN = (*LEFT_OUT, "Cf", "Zs", "Zl", "Zp")


def clean_line(text: str, *, field: str, noun: str, longest: int) -> str:
    """Return one trimmed line of 1 to `longest` characters; raises Refused."""
    line = " ".join(clean_text(text, field=field).split())
    if not any(is_seen(character) for character in line):
        raise Refused(f"{noun} is empty; it has 1 to {longest} characters.", field=field)
    if len(line) > longest:
        raise Refused(
            f"{noun} has at most {longest} characters; this one has {len(line)}.", field=field
        )
    return line


def is_seen(character: str) -> bool:
    """Whether a character leaves a mark: neither space nor a control of direction or joining."""
    return unicodedata.category(character) not in UNSEEN


def clean_text(text: str, *, field: str, longest: int = LONGEST_TEXT) -> str:
    """Return text without what is no character, line ends as \\n; raises Refused when too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(filter(_is_kept, lines)).strip()
    if len(kept) > longest:
        raise Refused(
            f"The text has at most {longest:,} characters; this one has {len(kept):,}.", field=field
        )
    return kept


def keepable(text: str) -> str:
    """Return text as the database takes it: without null characters, `?` for half a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _is_kept(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in LEFT_OUT
