"""Replays recorded incidents, one after the other, at their own times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from atender.actors import Actor, ActorKind
from incidents.demo.lessons import write_down
from incidents.lifecycle import Facts, acknowledge, open_incident, post_update
from incidents.models import Component, Incident, IncidentUpdate, Kind, Page
from incidents.timeline import edit_update
from incidents.transitions import KEEP, Saying

TAKEN_AFTER = timedelta(minutes=3)
EDITED_AFTER = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class Step:
    """An incident as it is written down, and when it began."""

    start: datetime
    entry: dict[str, Any]


def replay(steps: Iterable[Step], *, pages: Iterable[Page]) -> None:
    """Open, update and close each in chronological order, since states follow one another."""
    components = {component.name: component for component in Component.objects.all()}
    known = {page.slug: page for page in pages}
    for step in sorted(steps, key=lambda step: step.start):
        _replay(step, components, known)


def _replay(step: Step, components: dict[str, Component], pages: dict[str, Page]) -> None:
    entry, start = step.entry, step.start
    by = Actor(ActorKind.PERSON, name=entry.get("by", "Alice"))
    first, *later = entry["updates"]
    noticed_at = start + timedelta(minutes=first.get("after", 0))
    incident = open_incident(
        entry["title"],
        by=by,
        kind=Kind(entry.get("kind", "incident")),
        severity=entry.get("severity"),
        first=_saying(first, start),
        facts=_facts(entry, start, components, pages),
        at=noticed_at,
        started_at=start,
    )
    if incident.kind == Kind.INCIDENT:
        acknowledge(incident, by=by, at=noticed_at + TAKEN_AFTER)
    for said in later:
        at = start + timedelta(minutes=said["after"])
        update = post_update(incident, by=by, saying=_saying(said, start), at=at)
        if "corrected" in said:
            edit_update(update, by=by, body=said["corrected"], at=at + EDITED_AFTER)
    if "post_mortem" in entry:
        write_down(incident, entry["post_mortem"], by=by, start=start)
    _date_rows(incident)


def _facts(
    entry: dict[str, Any],
    start: datetime,
    components: dict[str, Component],
    pages: dict[str, Page],
) -> Facts:
    impacts = entry.get("impacts", {})
    window = [start + timedelta(minutes=minutes) for minutes in entry.get("window", ())]
    return Facts(
        components=[components[name] for name in entry["components"]],
        impacts={components[name].id: state for name, state in impacts.items()},
        pages=[pages[slug] for slug in entry.get("pages", ["status"])],
        scheduled_for=window[0] if window else None,
        scheduled_until=window[1] if window else None,
    )


def _saying(said: dict[str, Any], start: datetime) -> Saying:
    promised = said.get("promises")
    return Saying(
        body=said.get("text", "").strip(),
        status=said.get("status"),
        severity=said.get("severity", KEEP),
        is_public=not said.get("private", False),
        notifies=False,
        next_update_by=start + timedelta(minutes=promised) if promised else None,
    )


def _date_rows(incident: Incident) -> None:
    """Rows of the past were made in the past, for reports that ask when."""
    updates = IncidentUpdate.objects.filter(incident=incident)
    updates.update(created_at=F("posted_at"))
    last = updates.latest("posted_at")
    Incident.objects.filter(pk=incident.pk).update(
        created_at=incident.started_at, updated_at=last.posted_at
    )
