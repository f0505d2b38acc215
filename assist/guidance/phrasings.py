"""What customers might write of a component when it fails."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assist.matching.concepts import read
from assist.matching.languages import languages_of
from assist.matching.lexicon import lexicon
from assist.matching.text import clean, fold, tokens

FILE = Path(__file__).with_name("phrasings.txt")
ANY = "*"
# How something fails, by the lexicon's symptoms; the rest of them fit no way in particular.
WAYS = {
    "fail": ("fail", "error", "broken", "declined", "cannot", "blocked", "httperror"),
    "slow": ("slow", "delayed", "pending", "timeout", "loop"),
    "down": ("down", "crash", "blank", "disconnected"),
    "wrong": ("wrong", "missing", "outdated", "duplicate", "lostitem", "quality"),
}


@dataclass(frozen=True, slots=True)
class Phrasing:
    language: str
    way: str
    text: str


@lru_cache(maxsize=1)
def bank() -> Mapping[str, Sequence[Phrasing]]:
    """The phrasings by subject, as they are written down."""
    found: dict[str, list[Phrasing]] = defaultdict(list)
    subject = ANY
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            subject = line[2:].strip()
        elif line and not line.startswith("#"):
            language, way, text = line.split(" ", 2)
            found[subject].append(Phrasing(language, way, text))
    return dict(found)


def subjects_of(text: str) -> list[str]:
    """What a name or a title is about, in the lexicon's words."""
    return [c for c, kind in _concepts(text) if kind == "subject"]


def ways_of(text: str) -> set[str]:
    """How something fails, as far as a title says."""
    symptoms = {name for name, kind in _concepts(text) if kind == "symptom"}
    return {way for way, names in WAYS.items() if symptoms & set(names)}


def phrasings_of(name: str) -> Iterator[Phrasing]:
    """What customers write of a component: of its subject, and by the name that they see."""
    yield from phrasings_about(subjects_of(name))
    for phrasing in bank()[ANY]:
        text = phrasing.text.format(name=name)
        yield Phrasing(phrasing.language, phrasing.way, text)


def phrasings_about(subjects: Iterable[str]) -> Iterator[Phrasing]:
    for subject in subjects:
        yield from bank().get(subject, ())


def _concepts(text: str) -> list[tuple[str, str]]:
    cleaned = clean(text)
    folded = fold(cleaned)
    known = lexicon().concepts
    reading = read(folded, tokens(folded), languages_of(cleaned))
    return [(known[number].name, known[number].kind) for number in reading.spans]
