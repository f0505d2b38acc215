"""The verbs of many alerts at once: a few statements, however many there are.

A network cut raises thousands; one click takes them and one repair ends them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from alerts.models import Alert, AlertStatus, EntryKind
from alerts.recording import announce, line, write_all
from atender.actors import Actor
from atender.due.work import cancel
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.models import Incident
from incidents.models.vocabulary import ResponderStatus

WAKING = "alerts.wake"


def locked_all(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts as they are now, held with their incidents until the transaction ends.

    Incidents first, and both in the order of their ids, so that nobody waits in a circle.
    """
    rows = Alert.objects.filter(pk__in=[alert.pk for alert in alerts])
    hold_incidents(set(rows.exclude(incident=None).values_list("incident_id", flat=True)))
    held = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    # Asked afterwards: a join would show the incident that an alert had before its lock was free.
    prefetch_related_objects(held, "incident")
    return held


def hold_incidents(ids: Iterable[str | None]) -> dict[str, Incident]:
    held = Incident.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    return {incident.pk: incident for incident in held.order_by("pk")}


@transaction.atomic
def acknowledge_all(
    alerts: Iterable[Alert], *, by: Actor, at: datetime | None = None
) -> list[Alert]:
    """Take alerts and their incidents; returns those that nobody had. Resolved ones stay."""
    at = at or timezone.now()
    taken = [alert for alert in locked_all(alerts) if alert.status == AlertStatus.TRIGGERED]
    ids = [alert.pk for alert in taken]
    cancel(WAKING, *[alert.pk for alert in taken if alert.snoozed_until])
    Alert.objects.filter(pk__in=ids).update(
        status=AlertStatus.ACKNOWLEDGED,
        acknowledged_at=at,
        acknowledged_by_id=by.id,
        acknowledged_by_name=by.name[:120],
        snoozed_until=None,
    )
    write_all(line(alert, EntryKind.ACKNOWLEDGED, by=by, at=at) for alert in taken)
    waiting = Incident.objects.kept().filter(
        alerts__in=ids, responder_status=ResponderStatus.TRIGGERED
    )
    for incident in waiting.distinct().order_by("pk"):
        acknowledge_incident(incident, by=by, at=at)
    announce(EntryKind.ACKNOWLEDGED, taken)
    return taken


@dataclass(frozen=True, slots=True)
class Ending:
    """That an alert is over: who says so, when, and in which words."""

    alert: Alert
    by: Actor
    at: datetime
    text: str = ""


@transaction.atomic
def resolve_all(endings: Iterable[Ending]) -> list[Alert]:
    """End alerts; returns those that were open. Their incidents are left to whoever writes them."""
    said = {ending.alert.pk: ending for ending in endings}
    ended = [a for a in locked_all(e.alert for e in said.values()) if a.is_open]
    cancel(WAKING, *[alert.pk for alert in ended if alert.snoozed_until])
    for alert in ended:
        alert.status = AlertStatus.RESOLVED
        alert.resolved_at = said[alert.pk].at
        alert.snoozed_until = None
    Alert.objects.bulk_update(ended, ["status", "resolved_at", "snoozed_until"], batch_size=500)
    write_all(
        line(alert, EntryKind.RESOLVED, by=ending.by, at=ending.at, text=ending.text)
        for alert in ended
        for ending in (said[alert.pk],)
    )
    announce(EntryKind.RESOLVED, ended)
    return ended
