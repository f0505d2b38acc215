"""The hold between posting and sending, during which the author may undo."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.http import HttpRequest
from django.utils import timezone

from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.models import Incident, IncidentUpdate


@dataclass(frozen=True, slots=True)
class Held:
    """The newest update while it is held, and what stands on its strip."""

    update: IncidentUpdate
    seconds: int
    is_first: bool
    tells: bool


def newest_update(incident: Incident) -> IncidentUpdate | None:
    return incident.updates.kept().order_by("id").last()


def held_for(request: HttpRequest, incident: Incident) -> Held | None:
    """Return the held update if this person may still take it back."""
    update = newest_update(incident)
    now = timezone.now()
    if update is None or not is_held(update, now) or not may_undo(request, update):
        return None
    assert update.held_until is not None
    return Held(
        update=update,
        seconds=ceil((update.held_until - now).total_seconds()),
        is_first=incident.updates.kept().count() == 1,
        tells=tells_somebody(incident, update),
    )


def is_held(update: IncidentUpdate, now: datetime) -> bool:
    return update.held_until is not None and now < update.held_until and not update.deleted_at


def may_undo(request: HttpRequest, update: IncidentUpdate) -> bool:
    """Whether this person is the author, or may edit what others wrote."""
    return may(request.user, Ability.EDIT) or update.by == actor_of(request)


def tells_somebody(incident: Incident, update: IncidentUpdate) -> bool:
    """Whether any visitor or subscriber would see it."""
    return is_told(update) and incident.publications.exists()


def is_told(update: IncidentUpdate) -> bool:
    """Whether it is meant for subscribers, where a page shows the incident."""
    return update.notifies and (bool(update.public_body) or bool(update.is_transition))
