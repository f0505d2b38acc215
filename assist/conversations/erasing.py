"""What conversations keep about a person, and how it is forgotten."""

from django.db.models import QuerySet

from assist.conversations.opening import touch
from assist.models import Conversation, Message
from assist.reports.remembering import remember
from atender.erasing import Holding, naming, register


def _conversations(address: str) -> QuerySet[Conversation]:
    return Conversation.objects.of_customers([address])


def _messages(address: str) -> QuerySet[Message]:
    """Words in other people's conversations that name the address."""
    own = _conversations(address).values("pk")
    named = Message.objects.filter(text__icontains=address, text__iregex=naming(address))
    return named.exclude(conversation__in=own)


def _locked(rows: QuerySet[Conversation]) -> list[Conversation]:
    """Hold them, always in this order, so that two erasures never wait in a circle."""
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _forget_conversations(address: str) -> int:
    remember([conversation.pk for conversation in _locked(_conversations(address))])
    return _conversations(address).delete()[1].get("assist.Conversation", 0)


def _forget_messages(address: str) -> int:
    named = _messages(address)
    told = Conversation.objects.filter(pk__in=named.order_by().values("conversation"))
    beside = _locked(told)
    count = named.delete()[1].get("assist.Message", 0)
    # A desk that shows them is to ask for what is left.
    touch(*beside)
    return count


register(
    # Messages first: which are another's is told by the conversations.
    Holding(
        "messages that name it",
        "message that names it",
        lambda a: _messages(a).count(),
        _forget_messages,
    ),
    Holding(
        "conversations",
        "conversation",
        lambda a: _conversations(a).count(),
        _forget_conversations,
    ),
)
