"""Incidents that monitors open and resolve by themselves."""

from datetime import datetime

from alerts.lifecycle import locked
from alerts.models import Alert, Routing
from alerts.promotion import attach, create_incident
from atender.actors import Actor
from incidents.lifecycle import change_incident, lock, post_update, publish
from incidents.models import Component, Incident
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.vocabulary import Status
from incidents.transitions import Saying
from monitors.models import Monitor

TITLE = "{what} unavailable"
OUTAGE = "Our monitoring finds that {what} does not work as it should. We are looking into it."
RECOVERY = "Our monitoring finds that everything works again."


def tell_of_outage(
    alert: Alert, monitor: Monitor, routing: Routing, *, by: Actor, at: datetime
) -> Incident:
    """Open an incident for an alert, or let it join the one of its service's outage."""
    pages = list(routing.pages.all()) if routing.publishes and routing.pk else []
    if alert.incident is not None and alert.incident.is_closed is False:
        return alert.incident
    running = outage_of(monitor)
    if running is None:
        return _open(alert, monitor, routing, by=by, at=at)
    incident = lock(running)
    attach(
        locked(alert), incident, by=by, at=at, text=f"It joined the incident “{incident.title}”."
    )
    change_incident(incident, by=by, monitors=[monitor])
    if pages:
        publish(incident, pages=pages, by=by, at=at)
    return incident


def outage_of(monitor: Monitor) -> Incident | None:
    """The open incident that a monitor of the same service opened and that still fails."""
    if monitor.service_id is None:
        return None
    running = Incident.objects.active().filter(is_auto_created=True, service=monitor.service_id)
    failing = Alert.objects.open().of_failures().filter(incident__in=running).values("incident")
    return running.filter(pk__in=failing).order_by("-id").first()


def _open(alert: Alert, monitor: Monitor, routing: Routing, *, by: Actor, at: datetime) -> Incident:
    what = subject_of(monitor)
    return create_incident(
        alert,
        by=by,
        title=title_of(what),
        severity=routing.severity or alert.incident_severity,
        pages=list(routing.pages.all()) if routing.publishes else [],
        first=Saying(body=OUTAGE.format(what=what)),
        is_auto_created=True,
        at=at,
    )


def subject_of(monitor: Monitor) -> str:
    """What customers know it by: the components that it watches, else its own public name."""
    watched = Component.objects.filter(monitor_links__monitor=monitor).order_by("name")
    names = list(watched.values_list("name", flat=True).distinct()[:4])
    if not names:
        return monitor.name
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def title_of(what: str) -> str:
    room = TITLE_LENGTH - len(TITLE.format(what=""))
    return TITLE.format(what=what if len(what) <= room else what[: room - 1] + "…")


def tell_of_recovery(incident: Incident, *, by: Actor, at: datetime) -> None:
    """Resolve what monitors opened once nothing of it fails; a person's word outweighs it."""
    incident = lock(incident) if incident.deleted_at is None else incident
    is_failing = incident.alerts.open().of_failures().exists()
    is_ours = incident.is_auto_created and incident.deleted_at is None and not incident.is_closed
    if not is_ours or incident.holds_auto_resolve or is_failing:
        return
    post_update(incident, by=by, saying=Saying(body=RECOVERY, status=Status.RESOLVED))
