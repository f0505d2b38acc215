"""The last steps of every verb: leave an audit row, then announce."""

from datetime import datetime
from typing import Any

from django.db.models import F

from atender.actors import Actor, acted_by
from incidents.models import AuditEntry, Incident, IncidentUpdate, PostMortem
from incidents.signals import Action, Change, incident_changed

# What happens to one time of a series without anybody changing it.
LEAVES_AS_PLANNED = (Action.OPENED, Action.REMINDED, Action.ACKNOWLEDGED)


def record(action: str, subject_id: str, *, by: Actor, at: datetime, **details: Any) -> None:
    """Leave an audit row; `details` must hold no address."""
    AuditEntry.objects.create(
        action=action, subject_id=subject_id, details=details, at=at, **acted_by(by)
    )


def about(incident: Incident) -> dict[str, str]:
    """The details of what was done to something else for an incident."""
    return {"incident_id": incident.pk, "title": incident.title}


def announce(
    action: Action,
    incident: Incident,
    *,
    by: Actor,
    at: datetime,
    update: IncidentUpdate | None = None,
    post_mortem: PostMortem | None = None,
) -> None:
    """Tell the floors above. Always the last statement of a verb's transaction."""
    changes: dict[str, Any] = {"version": F("version") + 1}
    if action not in LEAVES_AS_PLANNED:
        changes["follows_series"] = False
    Incident.objects.filter(pk=incident.pk).update(**changes)
    incident.version += 1
    pages = tuple(incident.pages.all())
    change = Change(
        action, incident, by=by, at=at, update=update, pages=pages, post_mortem=post_mortem
    )
    incident_changed.send(Incident, change=change)
