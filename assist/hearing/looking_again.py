"""Customers write before an incident is opened; their conversations get its card too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    ends_at, found = monotonic() + TURN_S, _Found(incident_id, at)
    messages = _last_words(_waiting(incident_id, at, place))
    judged = _judge(messages, found, ends_at=ends_at)
    touch(*found.shown)
    leave_out(found.explained, at=at)
    if place == START:
        want(*found.unmatched[:MOST_BY_MEANING])
    if judged < len(messages):
        rest = Place(messages[judged - 1].conversation.last_message_at, place.left - judged)
        with transaction.atomic():
            schedule(LOOKING, rest.key(incident_id))
    return len(found.shown)


@dataclass(slots=True)
class _Found:
    """What a turn finds: where the incident's card is shown, and what matches nothing."""

    incident_id: str
    at: datetime
    shown: list[Conversation] = field(default_factory=list)
    explained: list[Message] = field(default_factory=list)
    unmatched: list[Message] = field(default_factory=list)
    # By the pages of the doors that conversations came in by.
    _known: dict[tuple[str, ...], tuple[Knowledge, Knowledge]] = field(default_factory=dict)

    def judge(self, message: Message) -> None:
        conversation = message.conversation
        known = self._known_to(conversation)
        cards = [card for each in known for card in cards_in(message.text, each)]
        its = [card for card in cards if card.incident_id == self.incident_id]
        if its:
            show_cards(conversation, its, message=message, at=self.at)
            self.shown.append(conversation)
            self.explained.append(message)
        elif not cards:
            self.unmatched.append(message)

    def _known_to(self, conversation: Conversation) -> tuple[Knowledge, Knowledge]:
        doors = tuple(conversation.page_ids)
        if doors not in self._known:
            pages = pages_of(conversation)
            self._known[doors] = knowledge_of(pages), internal_knowledge_of(pages)
        return self._known[doors]


def _judge(messages: Sequence[Message], found: _Found, *, ends_at: float) -> int:
    """Judge one message after the other until the turn ends; returns how many."""
    reached: datetime | None = None
    for number, message in enumerate(messages):
        quiet_since = message.conversation.last_message_at
        # Those of one moment stay together: it is what the next turn begins after.
        if monotonic() >= ends_at and reached not in (None, quiet_since):
            return number
        reached = quiet_since
        found.judge(message)
    return len(messages)


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
