"""What an incident's cause probably was; the floor of the alerts knows what monitors found."""

from collections.abc import Callable

from incidents.models import Incident

_find: list[Callable[[Incident], str]] = []


def register(find: Callable[[Incident], str]) -> None:
    """Say how an incident's likely cause is found: a sentence, or "" where none is known."""
    _find[:] = [find]


def likely_cause_of(incident: Incident) -> str:
    return next((cause for find in _find if (cause := find(incident))), "")
