"""The promises of the record: of one incident, and of a period for reports."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db.models import Min, Q, QuerySet

from incidents.models import Incident, IncidentUpdate
from incidents.models.vocabulary import CLOSED
from incidents.promise_outcomes import Promise, Said, promises_in


def promises_of(incident: Incident, *, now: datetime) -> list[Promise]:
    """The promises of an incident, oldest first; none while only staff know of it. Two queries."""
    shown = incident.publications.aggregate(at=Min("published_at"))["at"]
    updates = incident.updates.kept().filter(is_backdated=False).order_by("posted_at", "id")
    return _public(updates, shown, now)


def promises_due(start: datetime, end: datetime, *, now: datetime) -> list[tuple[str, Promise]]:
    """Promises that were due from `start` up to `end`, each with its incident's id. Two queries."""
    due_then = Q(next_update_by__gte=start, next_update_by__lt=end)
    promising = IncidentUpdate.objects.kept().filter(due_then)
    incidents = Incident.objects.kept().filter(pk__in=promising.values("incident_id"))
    shown = dict(incidents.annotate(at=Min("publications__published_at")).values_list("pk", "at"))
    updates: QuerySet[IncidentUpdate] = IncidentUpdate.objects.kept().filter(
        incident__in=list(shown), is_backdated=False
    )
    ordered = updates.order_by("incident_id", "posted_at", "id")
    return [
        (incident_id, promise)
        for incident_id, rows in groupby(ordered, key=lambda update: update.incident_id)
        for promise in _public(rows, shown[incident_id], now)
        if start <= promise.due_at < end
    ]


def _public(
    updates: Iterable[IncidentUpdate], shown: datetime | None, now: datetime
) -> list[Promise]:
    """Promises that somebody could read before they fell due."""
    if shown is None:
        return []
    promises = promises_in([said_by(update) for update in updates], now=now)
    return [promise for promise in promises if promise.due_at >= shown]


def said_by(update: IncidentUpdate) -> Said:
    """What an update says to the public, as far as promises go."""
    is_closing = update.status in CLOSED
    return Said(
        at=update.posted_at,
        is_word=bool(update.public_body) or bool(update.is_transition),
        promises=None if is_closing else update.next_update_by,
    )
