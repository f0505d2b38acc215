"""An incident's alerts go where it goes: taken with it, and over with it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from alerts.lifecycle import acknowledge, resolve
from alerts.models import Alert, AlertStatus
from alerts.outages import FAILING, look_again
from atender.actors import SCHEDULE, Actor
from incidents.models import AuditEntry, ComponentImpact, Incident, IncidentMonitor, MonitorLink
from incidents.models.vocabulary import ResponderStatus
from monitors.models import Monitor

AFTERWARDS = "alerts.afterwards"


@transaction.atomic
def follow(incident_id: str) -> None:
    """Bring an incident's open alerts to where its responders are; one that stays does nothing."""
    incident = Incident.objects.kept().select_for_update().filter(pk=incident_id).first()
    if incident is None:
        return
    alerts = incident.alerts.open().select_related("monitor").order_by("id")
    if incident.is_closed:
        for alert in alerts:
            _close(alert, by=who_closed(incident))
    elif incident.responder_status == ResponderStatus.ACKNOWLEDGED:
        for alert in alerts.filter(status=AlertStatus.TRIGGERED):
            acknowledge(alert, by=who_took(incident))


def _close(alert: Alert, *, by: Actor) -> None:
    """What still fails stays open in that person's hands: its recovery is news yet to come."""
    if alert.monitor is not None and alert.monitor.verdict in FAILING:
        if alert.status == AlertStatus.TRIGGERED:
            acknowledge(alert, by=by)
        return
    resolve(alert, by=by, text="Its incident was resolved.")


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
