"""The words of titles, as they are written down beside this file: a word of the lexicon a line."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
# How one of it fails, and how several do.
Said = tuple[str, str]


@cache
def subjects() -> dict[str, tuple[str, bool]]:
    """What each subject is called at the beginning of a sentence, and whether that is a plural."""
    found: dict[str, tuple[str, bool]] = {}
    is_many = False
    for line in _lines("subjects.txt"):
        if line.startswith("= "):
            is_many = line == "= are"
        else:
            subject, name = line.split(" ", 1)
            found[subject] = name, is_many
    return found


@cache
def sorts() -> dict[str, frozenset[str]]:
    """The sorts of things that there are among the subjects, as far as a title depends on it."""
    found: dict[str, frozenset[str]] = {}
    sort = ""
    for line in _lines("sorts.txt"):
        # A line that begins with a space goes on with the one above it.
        if not line.startswith(" "):
            sort, line = line.split(":")
        found[sort] = found.get(sort, frozenset()) | frozenset(line.split())
    return found


@cache
def symptoms() -> dict[str, Said]:
    """How it is said of any thing."""
    return {name: said for name, sort, said in _symptoms() if not sort}


@cache
def said_of() -> dict[str, tuple[str, Said]]:
    """How it is said of one sort of things in its own way."""
    return {name: (sort, said) for name, sort, said in _symptoms() if sort}


def _symptoms() -> Iterator[tuple[str, str, Said]]:
    for line in _lines("symptoms.txt"):
        symptom, words = line.split(": ")
        name, _, sort = symptom.partition(" ")
        one, several = words.split(" / ")
        yield name, sort, (one, several)


def _lines(file: str) -> list[str]:
    text = (FOLDER / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
