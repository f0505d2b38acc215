"""The tool `status_check`: matches a customer's words with the active incidents."""

from collections.abc import Mapping, Sequence
from typing import Any

from assist.facts import component_facts, incident_facts, urls_of
from assist.knowledge import Known, knowledge_of
from assist.matching import Match, match
from incidents.models import Page

LARGEST_LIMIT = 20


def status_check(message: str, *, pages: Sequence[Page], limit: int = 3) -> dict[str, Any]:
    """Return `{"matches": […], "language": …}`, best first, only what is above the threshold.

    Only public facts of what is published on the pages; reasons are words of the message.
    """
    knowledge = knowledge_of(pages)
    matching = match(message, knowledge.index, limit=limit)
    shown = [
        (found, knowledge.known[found.incident_id]) for found in matching.matches if found.is_card
    ]
    urls = urls_of([known for _found, known in shown])
    return {
        "matches": [_document(found, known, urls) for found, known in shown],
        "language": matching.language,
    }


def _document(found: Match, known: Known, urls: Mapping[str, str]) -> dict[str, Any]:
    return {
        "incident": incident_facts(known, url=urls[known.incident.id]),
        "components": component_facts(known),
        "relevance": round(found.confidence, 4),
        "reasons": list(found.reasons),
    }
