"""The promises of the record: of one incident, and of a period for reports."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import BooleanField, ExpressionWrapper, Min, Q

from incidents.models import Incident, IncidentUpdate
from incidents.models.vocabulary import CLOSED
from incidents.promises.outcomes import Promise, Said, promises_in

# As `said_by` has it: a text that visitors read, or a transition.
SPEAKS = (Q(is_public=True, deleted_at=None) & ~Q(body="")) | Q(is_transition=True)


def promises_of(incident: Incident, *, now: datetime) -> list[Promise]:
    """The promises of an incident, oldest first; none while only staff know of it. Two queries."""
    shown = incident.publications.aggregate(at=Min("published_at"))["at"]
    updates = incident.updates.kept().filter(is_backdated=False).order_by("posted_at", "id")
    return _public(map(said_by, updates), shown, now)


def promises_due(start: datetime, end: datetime, *, now: datetime) -> list[tuple[str, Promise]]:
    """Promises that were due from `start` up to `end`, each with its incident's id. Two queries."""
    due_then = Q(next_update_by__gte=start, next_update_by__lt=end)
    promising = IncidentUpdate.objects.kept().filter(due_then)
    incidents = Incident.objects.kept().filter(pk__in=promising.values("incident_id"))
    shown = dict(incidents.annotate(at=Min("publications__published_at")).values_list("pk", "at"))
    updates = IncidentUpdate.objects.kept().filter(incident__in=list(shown), is_backdated=False)
    # A year's are tens of thousands: no more of them is read than is asked of them.
    speaks = ExpressionWrapper(SPEAKS, BooleanField())
    rows = updates.order_by("incident_id", "posted_at", "id").values_list(
        "incident_id", "posted_at", "status", "next_update_by", speaks
    )
    return [
        (incident_id, promise)
        for incident_id, said in groupby(rows, key=itemgetter(0))
        for promise in _public((_said(*row[1:]) for row in said), shown[incident_id], now)
        if start <= promise.due_at < end
    ]


def _public(timeline: Iterable[Said], shown: datetime | None, now: datetime) -> list[Promise]:
    """Leave out promises that nobody could read before they fell due."""
    if shown is None:
        return []
    promises = promises_in(list(timeline), now=now)
    return [promise for promise in promises if promise.due_at >= shown]


def said_by(update: IncidentUpdate) -> Said:
    """Return what an update means to the public as far as promises are concerned."""
    speaks = bool(update.public_body) or bool(update.is_transition)
    return _said(update.posted_at, update.status, update.next_update_by, speaks)


def _said(at: datetime, status: str, next_update_by: datetime | None, speaks: bool) -> Said:
    promises = None if status in CLOSED else next_update_by
    return Said(at=at, is_word=speaks, promises=promises)
