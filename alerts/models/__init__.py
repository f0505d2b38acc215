from alerts.models.alerts import (
    Alert,
    AlertEntry,
    AlertSeverity,
    AlertSource,
    AlertStatus,
    EntryKind,
)

__all__ = [
    "Alert",
    "AlertEntry",
    "AlertSeverity",
    "AlertSource",
    "AlertStatus",
    "EntryKind",
]
