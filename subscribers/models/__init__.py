"""Who is told, what is told, and whether it arrived."""

from subscribers.models.contacts import (
    ContactFile,
    ContactImport,
    ContactProblem,
    ImportState,
)
from subscribers.models.endpoints import WELL, Endpoint
from subscribers.models.notices import Delivery, Notice
from subscribers.models.people import PastScopes, Scope, Subscriber, Verification
from subscribers.models.reports import MailReport
from subscribers.models.vocabulary import (
    CALLED,
    CHATS,
    LEAVABLE,
    Arrival,
    BodyFormat,
    Channel,
    DeliveryState,
    Kinds,
    NoticeKind,
    NoticeState,
    SubscriberState,
    Suppression,
)

__all__ = [
    "CALLED",
    "CHATS",
    "LEAVABLE",
    "WELL",
    "Arrival",
    "BodyFormat",
    "Channel",
    "ContactFile",
    "ContactImport",
    "ContactProblem",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "ImportState",
    "Kinds",
    "MailReport",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "PastScopes",
    "Scope",
    "Subscriber",
    "SubscriberState",
    "Suppression",
    "Verification",
]
