from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assist.matching.languages import SUPPORTED
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
    """Why the agent stack wrote a message."""

    ANSWER = "answer", "says what is known and offers updates"
    QUESTION = "question", "asks once more, since the reply was unclear"
    ENROLLED = "enrolled", "says that updates will come"
    DECLINED = "declined", "says that none will"
    RESOLVED = "resolved", "says that it is over"


# What the stack wrote last and the customer has not answered yet: the next reply answers it.
OFFERS = frozenset({Purpose.ANSWER, Purpose.QUESTION})


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def seen_from(self, page_ids: Sequence[str]) -> Self:
        """Those of the doors that are bound to the same pages; empty means the public ones."""
        return self.filter(page_ids=sorted(page_ids))

    def quiet_since(self, moment: datetime) -> Self:
        return self.filter(last_message_at__lte=moment)


class Conversation(models.Model):
    """A customer's talk with the tenant, wherever it takes place; `external_id` is that place's.

    `page_ids` are those of the door that it came in by: only what is published there is ever said
    in it. Ids of two doors that are bound to different pages never meet.
    """

    id = RecordId()
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH)
    page_ids = ArrayField(models.CharField(max_length=26), default=list)
    channel = models.CharField(max_length=CHANNEL_LENGTH)
    customer_address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    # The channel vouches that the address is the customer's: signed in, or a mail that passed.
    address_proved = models.BooleanField(default=False)
    # As the channel says, and as the customer writes where it says nothing.
    language = models.CharField(max_length=12, blank=True)
    spoken = models.CharField(max_length=12, blank=True)
    handled_by = models.CharField(max_length=8, choices=HandledBy.choices)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_message_at = models.DateTimeField()

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["last_message_at"], name="conversation_by_quiet"),
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
    def reply_language(self) -> str:
        """The customer's, where replies are written in it; else English."""
        known = (code for code in (self.language, self.spoken) if code in SUPPORTED)
        return next(known, FALLBACK)


class Message(models.Model):
    """What was said. `found` is what matched at that moment: ids, confidence, reasons."""

    id = RecordId()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    # Null: written here, by the agent stack.
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH, null=True)
    author = models.CharField(max_length=8, choices=Author.choices)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    found = models.JSONField(default=list)
    created_at = models.DateTimeField()

    # Of the stack's own: why, about which incident, and to what it replies, if to anything.
    purpose = models.CharField(max_length=8, choices=Purpose.choices, blank=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    replies_to = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="replies"
    )
    # Of the word that it is over: the update that said so, and when the channel had it sent.
    update_id = ULIDField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
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
                name="message_of_the_stack_has_a_purpose",
                condition=Q(external_id__isnull=False, purpose="", replies_to=None)
                | Q(external_id=None, author="agent", purpose__in=Purpose.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"
