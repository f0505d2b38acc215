"""Who is told, what is told, and whether it arrived."""

from subscribers.models.contacts import (
    ContactFile,
    ContactImport,
    ContactProblem,
    ImportState,
)
from subscribers.models.notices import Delivery, Notice
from subscribers.models.people import Scope, Subscriber, Verification
from subscribers.models.vocabulary import (
    Channel,
    DeliveryState,
    Kinds,
    NoticeKind,
    NoticeState,
    SubscriberState,
)

__all__ = [
    "Channel",
    "ContactFile",
    "ContactImport",
    "ContactProblem",
    "Delivery",
    "DeliveryState",
    "ImportState",
    "Kinds",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "Scope",
    "Subscriber",
    "SubscriberState",
    "Verification",
]
