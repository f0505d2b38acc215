"""Customers write before an incident is opened; their conversations get its card too."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assist.conversations.cards import cards_in, show_cards
from assist.conversations.opening import pages_of, touch
from assist.embeddings.wanting import want
from assist.knowledge import Knowledge, internal_knowledge_of, knowledge_of
from assist.models import Author, Conversation, Message
from assist.waves.explaining import leave_out
from atender.due.gathering import gather
from incidents.models import Incident
from incidents.signals import Action, Change

LOOKING = "assist.look_again"
# Customers who wrote earlier have an answer by now, or wait for one about something else.
LOOKS_BACK = timedelta(hours=12)
# About three seconds of work; the newest first.
MOST = 1000
# Beside these a model is asked too, if there is one.
MOST_BY_MEANING = 200
MAKE_WORDS = frozenset(
    {Action.OPENED, Action.UPDATED, Action.EDITED, Action.PUBLISHED, Action.REOPENED}
)


def hear(change: Change) -> None:
    """Promise to look again; only a row is written."""
    if change.action in MAKE_WORDS and not change.incident.is_closed:
        gather(LOOKING, change.incident.pk)


def look_again(incident_id: str, *, at: datetime | None = None) -> int:
    """Show a card of an active incident beside the open conversations that match it.

    Returns how many those are. Earlier cards and decisions about them stay.
    """
    at = at or timezone.now()
    if not Incident.objects.active().filter(pk=incident_id).exists():
        return 0
    known: dict[tuple[str, ...], tuple[Knowledge, Knowledge]] = {}
    shown, explained, unmatched = [], [], []
    for message in _last_words(_waiting(incident_id, at)):
        conversation = message.conversation
        doors = tuple(conversation.page_ids)
        if doors not in known:
            pages = pages_of(conversation)
            known[doors] = knowledge_of(pages), internal_knowledge_of(pages)
        found = [one for each in known[doors] for one in cards_in(message.text, each)]
        its = [one for one in found if one.incident_id == incident_id]
        if its:
            show_cards(conversation, its, message=message, at=at)
            shown.append(conversation)
            explained.append(message)
        elif not found:
            unmatched.append(message)
    touch(*shown)
    leave_out(explained, at=at)
    unmatched.sort(key=lambda message: message.created_at)
    want(*unmatched[-MOST_BY_MEANING:])
    return len(shown)


def _waiting(incident_id: str, at: datetime) -> QuerySet[Conversation]:
    open_ones = Conversation.objects.filter(is_open=True, last_customer_at__gt=at - LOOKS_BACK)
    return open_ones.exclude(cards__incident=incident_id).order_by("-last_message_at")[:MOST]


def _last_words(conversations: QuerySet[Conversation]) -> Iterator[Message]:
    """What the customer said last in each of them."""
    said = Message.objects.filter(
        author=Author.CUSTOMER, conversation__in=[one.pk for one in conversations]
    )
    newest = said.order_by("conversation_id", "-created_at", "-id").distinct("conversation_id")
    yield from newest.select_related("conversation")
