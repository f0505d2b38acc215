"""The tail of every verb of alerts: a line on the timeline, then the announcement."""

from datetime import datetime

from alerts.models import Alert, AlertEntry, EntryKind
from alerts.signals import AlertChange, alert_changed
from atender.actors import Actor, acted_by


def write(
    alert: Alert,
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    incident_id: str | None = None,
) -> AlertEntry:
    """Add a line to an alert's timeline; `text` must hold no address."""
    return AlertEntry.objects.create(
        alert=alert, kind=kind, text=text, incident_id=incident_id, at=at, **acted_by(by)
    )


def announce(kind: EntryKind, alert: Alert, *, by: Actor, at: datetime) -> None:
    """Tell whoever listens. Always the last statement of a verb's transaction."""
    alert_changed.send(Alert, change=AlertChange(kind, alert, by=by, at=at))
