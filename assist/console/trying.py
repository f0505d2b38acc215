"""What the matcher finds for a message, with its reasons and near misses."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assist.highlighting import highlighted
from assist.knowledge import Known, knowledge_of
from assist.matching import Match, match
from incidents.models import Incident, Page

MOST_SHOWN = 20
EXAMPLES = (
    "your api is super slow today",
    "I can't pay with my card, it says something went wrong",
    "Seit heute Morgen komme ich nicht mehr rein",
    "Le site est très lent, c'est normal ?",
    "No puedo iniciar sesión desde esta mañana",
    "how do I change my avatar",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One incident and how near the message comes to it."""

    incident: Incident
    components: str
    percent: int
    reasons: tuple[str, ...]
    marked: SafeString


@dataclass(frozen=True, slots=True)
class Trial:
    language: str
    cards: list[Found]
    misses: list[Found]
    active: int


def try_message(message: str, *, pages: Sequence[Page]) -> Trial:
    """Match a message against the active incidents published on any of the pages."""
    knowledge = knowledge_of(pages)
    matching = match(message, knowledge.index, limit=MOST_SHOWN)
    cards: list[Found] = []
    misses: list[Found] = []
    for one in matching.matches:
        found = _found(message, one, knowledge.known[one.incident_id])
        (cards if one.is_card else misses).append(found)
    return Trial(matching.language, cards, misses, len(knowledge.known))


def _found(message: str, one: Match, known: Known) -> Found:
    return Found(
        incident=known.incident,
        components=", ".join(name for _, name in known.components),
        percent=round(one.confidence * 100),
        reasons=one.reasons,
        marked=highlighted(message, one.reasons),
    )
