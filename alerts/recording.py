"""The last steps of every verb of alerts: a line on the timeline, then the announcement."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.models import Alert, AlertEntry, EntryKind
from alerts.signals import AlertsChange, alerts_changed
from atender.actors import Actor, acted_by


def line(
    alert: Alert,
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    incident_id: str | None = None,
) -> AlertEntry:
    """Make a line of an alert's timeline, not yet written; `text` must hold no address."""
    return AlertEntry(
        alert=alert, kind=kind, text=text, incident_id=incident_id, at=at, **acted_by(by)
    )


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
    entry = line(alert, kind, by=by, at=at, text=text, incident_id=incident_id)
    entry.save()
    return entry


def write_all(lines: Iterable[AlertEntry]) -> None:
    """Add lines to the timelines of many, in one statement."""
    AlertEntry.objects.bulk_create(lines)


def announce(kind: EntryKind, alerts: Sequence[Alert]) -> None:
    """Tell whoever listens. Always the last statement of a verb's transaction."""
    if alerts:
        alerts_changed.send(Alert, change=AlertsChange(kind, tuple(alerts)))
