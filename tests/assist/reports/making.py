"""What reports are made about: incidents of the past, with what came of them."""

from datetime import datetime, timedelta
from typing import Any

from assist.models import Card, CardState, Conversation, ConversationLink, Message
from atender.actors import acted_by
from incidents.lifecycle import acknowledge, post_update
from incidents.models import Incident
from incidents.transitions import Saying
from tests.assist.conversations.making import make_conversation
from tests.factories import STAFF, make_incident

MINUTES = timedelta(minutes=1)


def make_past(at: datetime, *, lasting: int = 60, **kwargs: Any) -> Incident:
    """An incident that began then, was taken after 4 minutes, understood after 20, and is over."""
    incident = make_incident(at=at, started_at=at, **kwargs)
    acknowledge(incident, by=STAFF, at=at + 4 * MINUTES)
    _step(incident, "identified", at + 20 * MINUTES)
    _step(incident, "resolved", at + lasting * MINUTES)
    return Incident.objects.get(pk=incident.pk)


def _step(incident: Incident, status: str, at: datetime) -> None:
    saying = Saying(status=status, body="We know more.", notifies=False)
    post_update(incident, by=STAFF, saying=saying, at=at)


def make_card(
    incident: Incident,
    at: datetime,
    *,
    confidence: float = 0.95,
    state: str = CardState.CONFIRMED,
    conversation: Conversation | None = None,
) -> Card:
    number = Conversation.objects.count()
    return Card.objects.create(
        conversation=conversation or make_conversation(f"card-{number}", at=at),
        incident=incident,
        confidence=confidence,
        state=state,
        shown_at=at,
        decided_at=None if state == CardState.SHOWN else at,
        **acted_by(STAFF),
    )


def link(conversation: Conversation, incident: Incident, at: datetime) -> None:
    ConversationLink.objects.create(
        conversation=conversation, incident=incident, linked_at=at, **acted_by(STAFF)
    )


def answer(conversation: Conversation, incident: Incident, at: datetime) -> None:
    Message.objects.create(
        conversation=conversation,
        author="agent",
        text="We know of it.",
        purpose="answer",
        incident=incident,
        created_at=at,
    )
