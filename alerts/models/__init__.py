from alerts.models.alerts import (
    Alert,
    AlertEntry,
    AlertSeverity,
    AlertSource,
    AlertStatus,
    EntryKind,
)
from alerts.models.inbound import InboundSource, SourceKind
from alerts.models.routing import AutoIncident, Routing, Tells, VerdictNote

__all__ = [
    "Alert",
    "AlertEntry",
    "AlertSeverity",
    "AlertSource",
    "AlertStatus",
    "AutoIncident",
    "EntryKind",
    "InboundSource",
    "Routing",
    "SourceKind",
    "Tells",
    "VerdictNote",
]
