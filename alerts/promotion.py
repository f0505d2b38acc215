"""From an alert to an incident: what responders know becomes what customers read."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from alerts.lifecycle import locked
from alerts.models import Alert, AlertStatus, EntryKind
from alerts.recording import announce, line, write_all
from atender.actors import Actor
from atender.due.work import schedule
from atender.refusals import Conflict
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.models import Incident, Page
from incidents.models.vocabulary import ResponderStatus
from incidents.transitions import Saying

FOLLOWING = "alerts.follow"
NAMED = 5


class HasIncident(Conflict):
    """The alert belongs to an incident already."""


@transaction.atomic
def create_incident(
    alert: Alert,
    *,
    by: Actor,
    along: Sequence[Alert] = (),
    title: str = "",
    severity: str | None = None,
    pages: Sequence[Page] = (),
    first: Saying | None = None,
    is_auto_created: bool = False,
    at: datetime | None = None,
) -> Incident:
    """Open an incident from an alert's summary and monitor, unless the caller says otherwise.

    `severity` is the incident's own; `along` are alerts of the same outage, whose monitors are
    tagged too. Both timelines name each other. Raises HasIncident, Refused.
    """
    at = at or timezone.now()
    alert = locked(alert)
    if alert.incident is not None and alert.incident.deleted_at is None:
        raise HasIncident(
            f"The alert belongs to the incident “{alert.incident.title}” "
            f"({alert.incident.pk}) already."
        )
    monitors = [one.monitor for one in (alert, *along) if one.monitor]
    facts = Facts(monitors=monitors, service=alert.service, pages=pages)
    incident = open_incident(
        title or alert.summary,
        by=by,
        severity=severity,
        first=first,
        facts=facts,
        is_auto_created=is_auto_created,
        # A past trouble is recorded at its own time, and none ever begins in the future.
        started_at=min(alert.triggered_at, at),
        at=at,
    )
    text = f"The incident “{incident.title}” was opened."
    attach([alert, *along], incident, by=by, at=at, text=text)
    return incident


def attach(
    alerts: Sequence[Alert], incident: Incident, *, by: Actor, at: datetime, text: str
) -> None:
    """Tie locked alerts to an incident, on both timelines; who has one has the other."""
    for alert in alerts:
        alert.incident = incident
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(incident=incident)
    write_all(
        line(alert, EntryKind.INCIDENT, by=by, at=at, text=text, incident_id=incident.pk)
        for alert in alerts
    )
    post_update(incident, by=by, at=at, saying=link_to(alerts))
    taken = [alert for alert in alerts if alert.status == AlertStatus.ACKNOWLEDGED]
    if taken:
        acknowledge_incident(incident, by=who_took(taken[0]) or by, at=at)
    if len(taken) < len(alerts) and (taken or _is_taken(incident)):
        schedule(FOLLOWING, incident.pk)
    announce(EntryKind.INCIDENT, alerts)


def _is_taken(incident: Incident) -> bool:
    return incident.responder_status == ResponderStatus.ACKNOWLEDGED


def link_to(alerts: Sequence[Alert]) -> Saying:
    """Return what an incident's timeline tells staff about its alerts; of many, the first few.

    Each is a mention, which the console shows as a link.
    """
    more = len(alerts) - NAMED
    lines = [f"Alert: {alert.summary} ({alert.pk})" for alert in alerts[:NAMED]]
    if more > 0:
        lines.append(f"… and {more:,} more alerts.")
    return Saying(body="\n".join(lines), is_public=False, notifies=False)


def who_took(alert: Alert) -> Actor | None:
    taken = alert.entries.filter(kind=EntryKind.ACKNOWLEDGED).order_by("-id").first()
    return taken.by if taken else None
