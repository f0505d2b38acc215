"""What tests of conversations make, through the product's own verbs."""

from typing import Any

from django.utils import timezone

from assist.conversations.opening import Customer, open_conversation
from assist.hearing.messages import take_message
from assist.models import Conversation, Message
from incidents.models import Incident

MARIA = "maria@example.com"
SLOW = "your api is super slow today"


def make_conversation(
    external_id: str = "chat-1",
    *,
    address: str = MARIA,
    is_proved: bool = False,
    language: str = "",
    handled_by: str = "human",
    **kwargs: Any,
) -> Conversation:
    customer = Customer(address, is_proved, language)
    conversation, _ = open_conversation(
        external_id, channel="chat", handled_by=handled_by, customer=customer, **kwargs
    )
    return conversation


def hear(conversation: Conversation, text: str = SLOW, external_id: str = "") -> Message:
    """Let the customer say something."""
    number = conversation.messages.count()
    message, _ = take_message(
        conversation, external_id=external_id or f"m-{number}", author="customer", text=text
    )
    return message


def answer(conversation: Conversation, incident: Incident, text: str, **more: Any) -> Message:
    """What the agent stack leaves of an answer about an incident: its row, without its verb."""
    return Message.objects.create(
        conversation=conversation,
        incident=incident,
        text=text,
        author="agent",
        purpose="answer",
        created_at=timezone.now(),
        **more,
    )
