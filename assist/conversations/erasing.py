"""What conversations keep about a person, and how it is forgotten."""

from django.db.models import QuerySet

from assist.models import Conversation, Message
from assist.reports.remembering import remember
from atender.erasing import Holding, register


def _conversations(address: str) -> QuerySet[Conversation]:
    return Conversation.objects.of_customers([address])


def _messages(address: str) -> QuerySet[Message]:
    """Words in other people's conversations that name the address."""
    own = _conversations(address).values("pk")
    return Message.objects.filter(text__icontains=address).exclude(conversation__in=own)


def _forget_conversations(address: str) -> int:
    remember(list(_conversations(address).select_for_update().values_list("id", flat=True)))
    return _conversations(address).delete()[1].get("assist.Conversation", 0)


def _forget_messages(address: str) -> int:
    return _messages(address).delete()[1].get("assist.Message", 0)


# Messages first: which are another's is told by the conversations.
register(Holding("messages that name it", lambda a: _messages(a).count(), _forget_messages))
register(Holding("conversations", lambda a: _conversations(a).count(), _forget_conversations))
