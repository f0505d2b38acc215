"""Which offer of updates a customer's message may take up."""

from datetime import datetime, timedelta

from assist.models import Author, Conversation, Message, Purpose
from assist.models.conversations import OFFERS
from assist.stack.wording import say

# Who names an order number first has not forgotten what was offered; who comes back later may have.
STAYS_OPEN = timedelta(hours=1)
_DECISIONS = (Purpose.ENROLLED, Purpose.DECLINED)


def open_offer(conversation: Conversation, besides: Message | None = None) -> Message | None:
    """The stack's own last word, where that was an offer and nobody has spoken since."""
    last = last_word(conversation, besides) if conversation.customer_address else None
    return last if last and _offers(last) else None


def standing_offer(conversation: Conversation, besides: Message, at: datetime) -> Message | None:
    """The latest offer of the last hour that nobody has decided, whoever has spoken since.

    A mere "yes" may answer them, so that it takes no such offer up.
    """
    if not conversation.customer_address:
        return None
    before = conversation.messages.filter(
        created_at__gt=at - STAYS_OPEN, created_at__lte=at, purpose__in=(*OFFERS, *_DECISIONS)
    ).exclude(pk=besides.pk)
    last = before.order_by("-created_at", "-id").first()
    return last if last and _offers(last) else None


def last_word(conversation: Conversation, besides: Message | None) -> Message | None:
    """What was said last before this message, and not handed in twice."""
    messages = conversation.messages.all()
    others = messages.exclude(pk=besides.pk) if besides else messages
    spoken = list(others.order_by("-created_at", "-id")[:4])
    # A channel may hand in what the stack wrote once more, as its own agent's message.
    own = {one.text.strip() for one in spoken if one.purpose}
    return next((one for one in spoken if not _is_echo(one, own)), None)


def _offers(message: Message) -> bool:
    """Whether it asks: an answer does not where the customer has decided, or nobody can enrol."""
    if message.purpose == Purpose.ANSWER:
        return say("offer", message.language) in message.text
    return message.purpose in OFFERS


def _is_echo(message: Message, own: set[str]) -> bool:
    is_agents = message.author == Author.AGENT and not message.purpose
    return is_agents and message.text.strip() in own
