from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from assist.matching.languages import NAMES, SUPPORTED
from assist.models.lexemes import Lexemes
from atender.addresses import ADDRESS_LENGTH
from atender.ids import RecordId, ULIDField
from incidents.models import Incident

EXTERNAL_ID_LENGTH = 200
CHANNEL_LENGTH = 40
FALLBACK = "en"


class HandledBy(models.TextChoices):
    AI = "ai", "AI"
    HUMAN = "human", "a person"


class Author(models.TextChoices):
    CUSTOMER = "customer", "customer"
    AGENT = "agent", "agent"


class Purpose(models.TextChoices):
    """Why a message was written here: by the agent stack, or by a person at the desk."""

    ANSWER = "answer", "says what is known and offers updates"
    QUESTION = "question", "asks once more, since the reply was unclear"
    ENROLLED = "enrolled", "says that updates will come"
    DECLINED = "declined", "says that none will"
    RESOLVED = "resolved", "says that it is over"
    REPLY = "reply", "a person's own words"


# Messages written unasked: the channel has to be told to send them.
OUTGOING = (Purpose.REPLY, Purpose.RESOLVED)
# What the stack wrote last and the customer has not answered yet: the next reply answers it.
OFFERS = frozenset({Purpose.ANSWER, Purpose.QUESTION})


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def seen_from(self, page_ids: Sequence[str]) -> Self:
        """Those of keys and sources with exactly these pages; empty means the public ones."""
        return self.filter(page_ids=sorted(page_ids))

    def quiet_since(self, moment: datetime) -> Self:
        return self.filter(last_message_at__lte=moment)

    def of_customers(self, addresses: Collection[str]) -> Self:
        """Those whose customer has one of these addresses, whatever their case."""
        lowered = {address.lower() for address in addresses}
        return self.alias(lowered=Lower("customer_address")).filter(lowered__in=lowered)

    def waiting(self) -> Self:
        """Those handled by people in which the customer wrote last."""
        open_ones = self.filter(is_open=True, handled_by=HandledBy.HUMAN)
        return open_ones.filter(last_customer_at__gte=F("last_message_at"))


class Conversation(models.Model):
    """A customer's talk with the tenant, wherever it takes place; `external_id` is that place's.

    `page_ids` are those of the key or source it came in by: only what is published there is ever
    said in it. Ids of two with different pages never meet.
    """

    id = RecordId()
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH)
    page_ids = ArrayField(models.CharField(max_length=26), default=list)
    channel = models.CharField(max_length=CHANNEL_LENGTH)
    customer_address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    # The channel vouches that the address is the customer's: signed in, or a mail that passed.
    address_proved = models.BooleanField(default=False)
    # As the channel says, or as detected in the customer's messages.
    language = models.CharField(max_length=12, blank=True)
    spoken = models.CharField(max_length=12, blank=True)
    handled_by = models.CharField(max_length=8, choices=HandledBy.choices)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_message_at = models.DateTimeField()
    last_customer_at = models.DateTimeField(null=True)
    # When the customer wrote the first unanswered message; only meaningful while waiting.
    waiting_since = models.DateTimeField(null=True)
    # Until when somebody of staff has read it.
    seen_at = models.DateTimeField(null=True)
    # Grows with whatever a desk shows of it.
    version = models.PositiveIntegerField(default=1)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["last_message_at"], name="conversation_by_quiet"),
            models.Index(
                fields=["-last_message_at", "-id"],
                condition=Q(is_open=True),
                name="conversation_open_newest",
            ),
            GinIndex(Lexemes("customer_address", "external_id"), name="conversation_by_name"),
            # Asked for each batch of mails about an end: who was told in a conversation already.
            models.Index(Lower("customer_address"), name="conversation_by_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "page_ids"], name="conversation_external_id_once"
            ),
            models.CheckConstraint(
                name="conversation_handled_by_is_known",
                condition=Q(handled_by__in=HandledBy.values),
            ),
            models.CheckConstraint(
                name="conversation_proved_has_address",
                condition=Q(address_proved=False) | ~Q(customer_address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether the customer had the last word, and it is for people."""
        if self.handled_by != HandledBy.HUMAN or self.last_customer_at is None:
            return False
        return self.is_open and self.last_customer_at >= self.last_message_at

    @property
    def is_unread(self) -> bool:
        """Whether the customer said something that is for people, and nobody has read it."""
        if self.handled_by != HandledBy.HUMAN or self.last_customer_at is None:
            return False
        return self.seen_at is None or self.last_customer_at > self.seen_at

    @property
    def reply_language(self) -> str:
        """The customer's, where replies are written in it; else English.

        Where the channel names another language, what the words look like is a guess among ours.
        """
        return self._theirs if self._theirs in SUPPORTED else FALLBACK

    @property
    def _theirs(self) -> str:
        return self.language or self.spoken

    @property
    def language_name(self) -> str:
        name = NAMES[self.reply_language]
        is_theirs = self._theirs in ("", self.reply_language)
        return name if is_theirs else f"{name}, for want of theirs"


class Message(models.Model):
    """What was said. `found` is what matched at that moment: ids, confidence, reasons."""

    id = RecordId()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    # Null: written here, and not known to the channel by a name of its own.
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH, null=True)
    author = models.CharField(max_length=8, choices=Author.choices)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    found = models.JSONField(default=list)
    created_at = models.DateTimeField()
    # What a search looks at; stored, since computing it takes longer than reading it.
    words = models.GeneratedField(
        expression=Lexemes("text"), output_field=SearchVectorField(), db_persist=True
    )

    # For messages written here: why, about which incident, and in reply to what.
    purpose = models.CharField(max_length=8, choices=Purpose.choices, blank=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    replies_to = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="replies"
    )
    # For the message that it is over: the update that said so.
    update_id = ULIDField(null=True)
    # Of what goes out: its place among what waits behind the same door, from when it was first
    # listed; and when the channel had it sent.
    outgoing_no = models.PositiveBigIntegerField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # For a person's reply: whose; without a foreign key, so that it outlives the account.
    written_by_id = models.CharField(max_length=26, blank=True)
    written_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            GinIndex(fields=["words"], name="message_by_words"),
            models.Index(
                fields=["id"],
                condition=Q(purpose__in=["reply", "resolved"], delivered_at=None),
                name="message_to_be_delivered",
            ),
            models.Index(
                fields=["outgoing_no"],
                condition=Q(purpose__in=["reply", "resolved"], delivered_at=None),
                name="message_by_place_to_go_out",
            ),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(purpose__in=["reply", "resolved"], delivered_at=None, outgoing_no=None),
                name="message_without_a_place",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "external_id"],
                condition=Q(external_id__isnull=False),
                name="message_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "update_id"],
                condition=Q(purpose="resolved"),
                name="message_of_the_end_once_a_resolution",
            ),
            models.CheckConstraint(
                name="message_author_is_known", condition=Q(author__in=Author.values)
            ),
            models.CheckConstraint(
                name="message_written_here_has_a_purpose",
                condition=Q(external_id__isnull=False, purpose="", replies_to=None)
                | Q(author="agent", purpose__in=Purpose.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"

    @property
    def who(self) -> str:
        """Who said it, as staff are told."""
        if self.author == Author.CUSTOMER:
            return "Customer"
        if self.purpose == Purpose.REPLY:
            return self.written_by_name or "Agent"
        return "Agent stack" if self.purpose else "Agent"
