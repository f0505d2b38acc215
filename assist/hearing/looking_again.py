"""Customers write before an incident is opened; their conversations get its card too."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Self

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assist.conversations.cards import cards_in, show_cards
from assist.conversations.opening import pages_of, touch
from assist.embeddings.wanting import want
from assist.knowledge import Knowledge, internal_knowledge_of, knowledge_of
from assist.models import Author, Conversation, Message
from assist.waves.explaining import leave_out
from atender.due.gathering import gather
from atender.due.work import schedule
from incidents.models import Incident
from incidents.signals import Action, Change

LOOKING = "assist.look_again"
# Customers who wrote earlier have an answer by now, or wait for one about something else.
LOOKS_BACK = timedelta(hours=12)
# About three seconds of work, and many times that on a busy server; the newest first.
MOST = 1000
# Then other work has its turn: a task that took a minute would be ended, and begin anew.
TURN_S = 5.0
# Beside these a model is asked too, if there is one.
MOST_BY_MEANING = 200
MAKE_WORDS = frozenset(
    {Action.OPENED, Action.UPDATED, Action.EDITED, Action.PUBLISHED, Action.REOPENED}
)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a look goes on: with conversations quiet since before then, and at most so many."""

    before: datetime | None = None
    left: int = MOST

    def key(self, incident_id: str) -> str:
        """The name of the work that goes on from here."""
        if self.before is None:
            return incident_id
        return f"{incident_id} {(self.before - EPOCH) // MICROSECOND} {self.left}"

    @classmethod
    def read(cls, key: str) -> tuple[str, Self]:
        """The incident and the place that a key names."""
        incident_id, *rest = key.split()
        if not rest:
            return incident_id, cls()
        before, left = map(int, rest)
        return incident_id, cls(EPOCH + before * MICROSECOND, left)


START = Place()


def hear(change: Change) -> None:
    """Promise to look again; only a row is written."""
    if change.action in MAKE_WORDS and not change.incident.is_closed:
        gather(LOOKING, change.incident.pk)


def look_again(incident_id: str, *, place: Place = START, at: datetime | None = None) -> int:
    """Show a card of an active incident beside the open conversations that match it.

    Returns how many those are. Earlier cards and decisions about them stay. What a turn leaves is
    promised as work of its own.
    """
    at = at or timezone.now()
    if not Incident.objects.active().filter(pk=incident_id).exists():
        return 0
    known: dict[tuple[str, ...], tuple[Knowledge, Knowledge]] = {}
    shown, explained, unmatched = [], [], []
    ends = monotonic() + TURN_S
    reached: datetime | None = None
    rest: Place | None = None
    for number, message in enumerate(_last_words(_waiting(incident_id, at, place))):
        conversation = message.conversation
        # Those of one moment stay together: it is what the next turn begins after.
        if monotonic() >= ends and reached not in (None, conversation.last_message_at):
            rest = Place(reached, place.left - number)
            break
        reached = conversation.last_message_at
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
    if place == START:
        want(*unmatched[:MOST_BY_MEANING])
    if rest is not None:
        with transaction.atomic():
            schedule(LOOKING, rest.key(incident_id))
    return len(shown)


def _waiting(incident_id: str, at: datetime, place: Place) -> QuerySet[Conversation]:
    open_ones = Conversation.objects.filter(is_open=True, last_customer_at__gt=at - LOOKS_BACK)
    if place.before is not None:
        open_ones = open_ones.filter(last_message_at__lt=place.before)
    return open_ones.exclude(cards__incident=incident_id).order_by("-last_message_at")[: place.left]


def _last_words(conversations: QuerySet[Conversation]) -> list[Message]:
    """What the customer said last in each of them, the newest conversation first."""
    said = Message.objects.filter(
        author=Author.CUSTOMER, conversation__in=[one.pk for one in conversations]
    )
    newest = said.order_by("conversation_id", "-created_at", "-id").distinct("conversation_id")
    words = newest.select_related("conversation")
    return sorted(words, key=lambda one: one.conversation.last_message_at, reverse=True)
