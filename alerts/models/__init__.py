from alerts.models.alerts import (
    Alert,
    AlertEntry,
    AlertSeverity,
    AlertSource,
    AlertStatus,
    EntryKind,
)
from alerts.models.inbound import InboundSource, SourceKind

__all__ = [
    "Alert",
    "AlertEntry",
    "AlertSeverity",
    "AlertSource",
    "AlertStatus",
    "EntryKind",
    "InboundSource",
    "SourceKind",
]
