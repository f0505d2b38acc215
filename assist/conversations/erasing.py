"""What conversations keep about a person, and how it is forgotten."""

from django.db.models import Q, QuerySet

from assist.conversations.opening import touch
from assist.models import Conversation, Message
from assist.reports.remembering import remember, remember_messages
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
    told = _messages(address).order_by().values("conversation")
    beside = _locked(Conversation.objects.filter(pk__in=told))
    ids = list(_messages(address).values_list("pk", flat=True))
    # What was answered to such a message quotes it, and goes along.
    going = Message.objects.filter(Q(pk__in=ids) | Q(replies_to__in=ids))
    remember_messages(list(going.order_by().values_list("pk", flat=True)))
    going.delete()
    # A desk that shows them is to ask for what is left.
    touch(*beside)
    return len(ids)


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
