"""From an alert to an incident: what responders know becomes what customers read."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from alerts.lifecycle import locked
from alerts.models import Alert, AlertStatus, EntryKind
from alerts.recording import announce, write
from atender.actors import Actor
from atender.due.work import schedule
from atender.refusals import Conflict
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.models import Incident, Page
from incidents.models.vocabulary import ResponderStatus
from incidents.transitions import Saying

FOLLOWING = "alerts.follow"


class HasIncident(Conflict):
    """The alert belongs to an incident already."""


@transaction.atomic
def create_incident(
    alert: Alert,
    *,
    by: Actor,
    title: str = "",
    severity: str | None = None,
    pages: Sequence[Page] = (),
    first: Saying | None = None,
    is_auto_created: bool = False,
    at: datetime | None = None,
) -> Incident:
    """Open an incident from an alert: its summary, its monitor, and what the caller says instead.

    `severity` is the incident's own. Both timelines name each other. Raises HasIncident, Refused.
    """
    at = at or timezone.now()
    alert = locked(alert)
    if alert.incident is not None and alert.incident.deleted_at is None:
        raise HasIncident(
            f"The alert belongs to the incident “{alert.incident.title}” "
            f"({alert.incident.pk}) already."
        )
    facts = Facts(
        monitors=[alert.monitor] if alert.monitor else (), service=alert.service, pages=pages
    )
    incident = open_incident(
        title or alert.summary,
        by=by,
        severity=severity,
        first=first,
        facts=facts,
        is_auto_created=is_auto_created,
        # What lies in the past is told as it was, and never as begun in the future.
        started_at=min(alert.triggered_at, at),
        at=at,
    )
    attach(alert, incident, by=by, at=at, text=f"The incident “{incident.title}” was opened.")
    return incident


def attach(alert: Alert, incident: Incident, *, by: Actor, at: datetime, text: str) -> None:
    """Tie a locked alert to an incident, on both timelines; who has one has the other."""
    alert.incident = incident
    alert.save(update_fields=["incident"])
    write(alert, EntryKind.INCIDENT, by=by, at=at, text=text, incident_id=incident.pk)
    post_update(incident, by=by, at=at, saying=link_to(alert))
    if alert.status == AlertStatus.ACKNOWLEDGED:
        acknowledge_incident(incident, by=who_took(alert) or by, at=at)
    elif incident.responder_status == ResponderStatus.ACKNOWLEDGED:
        schedule(FOLLOWING, incident.pk)
    announce(EntryKind.INCIDENT, alert, by=by, at=at)


def link_to(alert: Alert) -> Saying:
    """What an incident's timeline says of its alert, to staff alone."""
    return Saying(body=f"Alert: {alert.summary} ({alert.pk})", is_public=False, notifies=False)


def who_took(alert: Alert) -> Actor | None:
    taken = alert.entries.filter(kind=EntryKind.ACKNOWLEDGED).order_by("-id").first()
    return taken.by if taken else None
