from alerts.models.alerts import (
    Alert,
    AlertEntry,
    AlertSeverity,
    AlertSource,
    AlertStatus,
    EntryKind,
)
from alerts.models.channels import (
    AlertChannel,
    ChannelKind,
    ChannelMessage,
    Event,
    MessageState,
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
from alerts.models.reaching import MethodMessage, Purpose
from alerts.models.routing import AutoIncident, Routing, Tells, VerdictNote
from alerts.models.slack import SlackAnswer, SlackApp, SlackPerson

__all__ = [
    "Alert",
    "AlertChannel",
    "AlertEntry",
    "AlertSeverity",
    "AlertSource",
    "AlertStatus",
    "AutoIncident",
    "Call",
    "CallState",
    "ChannelKind",
    "ChannelMessage",
    "ContactMethod",
    "EntryKind",
    "Escalation",
    "EscalationPolicy",
    "EscalationState",
    "EscalationStep",
    "Event",
    "InboundSource",
    "MessageState",
    "MethodKind",
    "MethodMessage",
    "NotificationGroup",
    "Override",
    "Purpose",
    "Routing",
    "Schedule",
    "ScheduleMember",
    "SlackAnswer",
    "SlackApp",
    "SlackPerson",
    "SourceKind",
    "Tells",
    "VerdictNote",
]
