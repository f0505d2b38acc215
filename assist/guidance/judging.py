"""A title against what customers would write: which of them would find the incident by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assist.guidance.phrasings import (
    Phrasing,
    phrasings_about,
    phrasings_of,
    subjects_of,
    ways_of,
)
from assist.matching import ActiveIncident, build_index, match
from incidents.texts.wording import telling_words

MOST_TRIED, FEWEST_OF_ONE = 16, 3
MOST_FINDING, MOST_MISSING = 3, 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """Phrasings that find the title and some that do not; `lacks` is what the title leaves out."""

    finding: Sequence[Phrasing]
    missing: Sequence[Phrasing]
    lacks: str


def judge(title: str, names: Sequence[str]) -> Judgement:
    """Try phrasings of the named components on a title alone; about 2 ms a phrasing."""
    index = build_index([ActiveIncident(id="title", title=title, body="", components=())])
    # Phrasings that find an empty title only share a "with" or an "issue", which helps nobody.
    says_something = bool(telling_words(title))
    finding: list[Phrasing] = []
    missing: list[Phrasing] = []
    for phrasing in tried(title, names):
        found = match(phrasing.text, index, limit=1).matches
        finds = says_something and bool(found) and found[0].is_card
        (finding if finds else missing).append(phrasing)
    return Judgement(
        finding=varied(finding, MOST_FINDING),
        missing=varied(missing, MOST_MISSING),
        lacks=what_lacks(title, names) if missing else "",
    )


def tried(title: str, names: Sequence[str]) -> list[Phrasing]:
    """The phrasings worth trying: where the title tells of a way to fail, those of that way.

    Without a component they are those of what the title itself is about.
    """
    ways = ways_of(title)
    banks = [phrasings_of(name) for name in names] or [phrasings_about(subjects_of(title))]
    share = max(MOST_TRIED // len(banks), FEWEST_OF_ONE)
    chosen: dict[str, Phrasing] = {}
    for phrasings in banks:
        fitting = [p for p in phrasings if not ways or p.way in ways]
        chosen.update((phrasing.text, phrasing) for phrasing in varied(fitting, share))
    return list(chosen.values())[:MOST_TRIED]


def varied(phrasings: Sequence[Phrasing], most: int) -> list[Phrasing]:
    """As many as `most`, of each language one before any has two."""
    seen: dict[str, int] = {}
    ranked = []
    for phrasing in phrasings:
        ranked.append((seen.get(phrasing.language, 0), phrasing))
        seen[phrasing.language] = seen.get(phrasing.language, 0) + 1
    ranked.sort(key=lambda entry: entry[0])
    return [phrasing for _, phrasing in ranked[:most]]


def what_lacks(title: str, names: Sequence[str]) -> str:
    """A sentence on what the title leaves out; nothing where it says what and how."""
    says_what = any(is_about(title, name) for name in names) or not names
    # “Issue” and “problem” are symptoms to the lexicon, and tell nobody anything.
    says_how = bool(ways_of(title)) and bool(telling_words(title))
    listed = " or ".join(names[:2])
    if says_what and says_how:
        return ""
    if says_what:
        return "Say how one notices it: slow, fails, shows an error, does not load."
    if says_how:
        return f"Name what it is about in customers' words: {listed}."
    return f"Name what it is about ({listed}), and how one notices it: slow, fails, an error."


def is_about(title: str, name: str) -> bool:
    """Whether a title names a component, by its name or by what it is."""
    if name.casefold() in title.casefold():
        return True
    return not set(subjects_of(title)).isdisjoint(subjects_of(name))
