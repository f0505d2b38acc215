"""What alerts announce, last and inside the transaction of the change; receivers only INSERT."""

from dataclasses import dataclass

from django.dispatch import Signal

from alerts.models import Alert, EntryKind


@dataclass(frozen=True, slots=True)
class AlertsChange:
    """The same change of one alert or of many; `kind` is that of the entries which record it."""

    kind: EntryKind
    alerts: tuple[Alert, ...]


# Sent with `change: AlertsChange`.
alerts_changed = Signal()
