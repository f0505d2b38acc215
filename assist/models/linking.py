from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assist.models.conversations import Conversation, Message
from atender.actors import ActedBy
from atender.ids import RecordId
from incidents.models import Incident
from subscribers.models import Subscriber
from subscribers.people.vouching import Proof


class CardState(models.TextChoices):
    SHOWN = "shown", "shown"
    CONFIRMED = "confirmed", "confirmed"
    DISMISSED = "dismissed", "dismissed"


class Card(ActedBy):
    """A possible match that was shown beside a conversation; `by` is who decided about it."""

    id = RecordId()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="cards")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="cards")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    confidence = models.FloatField()
    reasons = ArrayField(models.CharField(max_length=60), default=list)
    # The tenant's embedding model made it, with words in common or without.
    by_meaning = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=10, choices=CardState.choices, default=CardState.SHOWN)
    shown_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-confidence", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "incident"], name="card_once_a_conversation"
            ),
            models.CheckConstraint(
                name="card_is_decided_at_a_time",
                condition=Q(state="shown", decided_at=None)
                | Q(state__in=["confirmed", "dismissed"], decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} beside {self.conversation}: {self.state}"


ASKED_BY_CUSTOMER = "asked"


class ConversationLink(ActedBy):
    """A conversation that is about an incident, and what linking did for the customer.

    The columns from `subscriber` to `added_scope` are what undoing needs; `state_before` is
    ASKED_BY_CUSTOMER where there is nothing to undo, as the customer asked for the mails, here or
    on the status page. There is no `subscriber` any more where staff removed it or the question
    went unanswered, and never was one where a customer asked before 30 November 2026.
    """

    id = RecordId()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="conversations")
    linked_at = models.DateTimeField()
    proof = models.CharField(max_length=12, choices=Proof.choices, blank=True)
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    question_id = models.CharField(max_length=26, blank=True)
    state_before = models.CharField(max_length=12, blank=True)
    added_scope = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "incident"], name="linked_once_to_an_incident"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation} is about {self.incident}"

    @property
    def is_theirs(self) -> bool:
        """Whether the customer asked for the mails, so that nobody else takes them back."""
        return self.state_before == ASKED_BY_CUSTOMER
