"""What conversations keep about a person, and how it is forgotten."""

from django.db.models import Q, QuerySet

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


def _count_messages(address: str) -> int:
    return _messages(address).count()


def _forget(address: str) -> int:
    """Forget both at once; returns how many conversations.

    All are held in one order, and what they counted is added up by one statement, in one order
    too, so that whoever forgets some at the same time never waits in a circle.
    """
    told = _messages(address).order_by().values("conversation")
    touched = Q(pk__in=_conversations(address).values("pk")) | Q(pk__in=told)
    rows = Conversation.objects.filter(touched).order_by("pk")
    held = list(rows.select_for_update(of=("self",)))
    own = list(_conversations(address).values_list("pk", flat=True))
    named = list(_messages(address).values_list("pk", flat=True))
    # What was answered to such a message quotes it, and goes along.
    going = Message.objects.filter(Q(pk__in=named) | Q(replies_to__in=named))
    remember(own, list(going.order_by().values_list("pk", flat=True)))
    going.delete()
    forgotten = _conversations(address).delete()[1].get("assist.Conversation", 0)
    # A desk that shows them is to ask for what is left of them.
    touch(*held)
    return forgotten


register(
    # Messages are counted first and go with the conversations, which tell whose they are.
    Holding(
        "messages that name it",
        "message that names it",
        _count_messages,
        _count_messages,
    ),
    Holding(
        "conversations",
        "conversation",
        lambda a: _conversations(a).count(),
        _forget,
    ),
)
