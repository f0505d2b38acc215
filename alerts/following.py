"""An incident's alerts follow it: they are taken with it and resolved with it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from alerts.models import Alert
from alerts.outages.failing import FAILING
from alerts.outages.noting import look_again
from alerts.together import Ending, acknowledge_all, resolve_all
from atender.actors import SCHEDULE, Actor
from incidents.models import AuditEntry, ComponentImpact, Incident, IncidentMonitor, MonitorLink
from incidents.models.vocabulary import ResponderStatus
from monitors.models import Monitor

AFTERWARDS = "alerts.afterwards"


@transaction.atomic
def follow(incident_id: str) -> None:
    """Bring an incident's open alerts to where its responders are; one that stays does nothing."""
    incident = Incident.objects.kept().select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None:
        return
    alerts = list(incident.alerts.open().select_related("monitor"))
    if incident.is_closed:
        _close(alerts, by=who_closed(incident))
    elif incident.responder_status == ResponderStatus.ACKNOWLEDGED:
        acknowledge_all(alerts, by=who_took(incident))


def _close(alerts: Sequence[Alert], *, by: Actor) -> None:
    """Resolve the alerts, except those whose monitors still fail: these stay open and taken."""
    failing = {a.pk for a in alerts if a.monitor is not None and a.monitor.verdict in FAILING}
    acknowledge_all([alert for alert in alerts if alert.pk in failing], by=by)
    now, over = timezone.now(), [alert for alert in alerts if alert.pk not in failing]
    resolve_all(Ending(alert, by, now, "Its incident was resolved.") for alert in over)


def who_closed(incident: Incident) -> Actor:
    closing = incident.updates.transitions().filter(changes_status=True)
    latest = closing.order_by("posted_at", "id").last()
    return latest.by if latest else SCHEDULE


def who_took(incident: Incident) -> Actor:
    deeds = AuditEntry.objects.filter(action="incident.acknowledged", subject_id=incident.pk)
    taken = deeds.order_by("-id").first()
    return taken.by if taken else SCHEDULE


def look_under(maintenance_id: str, *, at: datetime) -> None:
    """Look at the monitors that planned work had covered, once it is over."""
    named = Q(pk__in=IncidentMonitor.objects.filter(incident=maintenance_id).values("monitor"))
    touched = ComponentImpact.objects.filter(incident=maintenance_id).values("component")
    watching = Q(pk__in=MonitorLink.objects.filter(component__in=touched).values("monitor"))
    look_again(list(Monitor.objects.filter(named | watching)), at=at)
