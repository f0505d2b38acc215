"""Which incident or alert somebody in a chat means."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.models import Alert
from alerts.slack.reading import looks_like_reference, reference_of, split_word
from atender.refusals import Refused
from incidents.models import Incident, Kind

MOST_LISTED = 15
NOTHING_OPEN = "Nothing is open."


@dataclass(frozen=True, slots=True)
class Meant:
    """What is meant, and the words that follow its reference."""

    record: Incident | Alert
    rest: str


def open_incidents() -> list[Incident]:
    incidents = Incident.objects.active().filter(kind=Kind.INCIDENT)
    return list(incidents.order_by("-started_at", "-id")[:MOST_LISTED])


def loose_alerts() -> list[Alert]:
    """Open alerts without an incident: those of incidents stand with them."""
    return list(Alert.objects.open().filter(incident=None).order_by("triggered_at")[:MOST_LISTED])


def incident_meant(text: str) -> Meant:
    """Return the incident named, or the only open one. Raises Refused."""
    return _meant(text, open_incidents(), noun="incident")


def anything_meant(text: str) -> Meant:
    """As `incident_meant`, alerts as well."""
    return _meant(text, [*open_incidents(), *loose_alerts()], noun="incident or alert")


def _meant(text: str, known: Sequence[Incident | Alert], *, noun: str) -> Meant:
    word, rest = split_word(text)
    by_reference = {reference_of(record.pk): record for record in known}
    if word.upper() in by_reference:
        return Meant(by_reference[word.upper()], rest)
    if looks_like_reference(word):
        raise Refused(f"No open {noun} is called {word.upper()}.")
    if not known:
        raise Refused(NOTHING_OPEN)
    if len(known) > 1:
        names = ", ".join(f"{ref} ({title_of(rec)[:60]})" for ref, rec in by_reference.items())
        raise Refused(f"Say which {noun} you mean: {names}.")
    return Meant(known[0], text)


def title_of(record: Incident | Alert) -> str:
    return record.title if isinstance(record, Incident) else record.summary
