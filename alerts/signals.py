"""What alerts announce, last and inside the transaction of the change; receivers only INSERT."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from alerts.models import Alert, EntryKind
from atender.actors import Actor


@dataclass(frozen=True, slots=True)
class AlertChange:
    """One change of one alert; `kind` is that of the timeline's entry which records it."""

    kind: EntryKind
    alert: Alert
    by: Actor
    at: datetime


# Sent with `change: AlertChange`.
alert_changed = Signal()
