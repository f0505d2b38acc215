"""Planned work starts and completes itself, within seconds of its time."""

from datetime import datetime

from atender.due.work import schedule
from incidents.models import Incident
from incidents.models.vocabulary import Kind, Status
from incidents.transitions import Saying

WINDOW = "incidents.window"


def keep_schedule(incident: Incident) -> None:
    """Promise the next step of a maintenance, if time is what brings it."""
    next_at = next_step_at(incident)
    if next_at is not None:
        schedule(WINDOW, incident.id, at=next_at)


def next_step_at(incident: Incident) -> datetime | None:
    """When time itself moves this maintenance: to its start, then to its end; else None."""
    if incident.kind != Kind.MAINTENANCE or incident.is_closed:
        return None
    return incident.scheduled_for if is_waiting(incident) else incident.scheduled_until


def is_waiting(incident: Incident) -> bool:
    return incident.status == Status.SCHEDULED


def step_due(incident: Incident, *, now: datetime) -> Saying | None:
    """What a maintenance says now that its time has come; None while it has not."""
    next_at = next_step_at(incident)
    if next_at is None or next_at > now:
        return None
    if not is_waiting(incident):
        return Saying(status=Status.COMPLETED)
    # Where nobody was awake for the whole window, its end is news and its start is not.
    is_over = incident.scheduled_until is not None and incident.scheduled_until <= now
    return Saying(status=Status.IN_PROGRESS, notifies=not is_over)
