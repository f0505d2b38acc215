from alerts.models.alerts import (
    Alert,
    AlertEntry,
    AlertSeverity,
    AlertSource,
    AlertStatus,
    EntryKind,
)
from alerts.models.escalation import Call, CallState, Escalation, EscalationState
from alerts.models.inbound import InboundSource, SourceKind
from alerts.models.people import (
    ContactMethod,
    EscalationPolicy,
    EscalationStep,
    MethodKind,
    NotificationGroup,
    Override,
    Schedule,
    ScheduleMember,
)
from alerts.models.routing import AutoIncident, Routing, Tells, VerdictNote

__all__ = [
    "Alert",
    "AlertEntry",
    "AlertSeverity",
    "AlertSource",
    "AlertStatus",
    "AutoIncident",
    "Call",
    "CallState",
    "ContactMethod",
    "EntryKind",
    "Escalation",
    "EscalationPolicy",
    "EscalationState",
    "EscalationStep",
    "InboundSource",
    "MethodKind",
    "NotificationGroup",
    "Override",
    "Routing",
    "Schedule",
    "ScheduleMember",
    "SourceKind",
    "Tells",
    "VerdictNote",
]
