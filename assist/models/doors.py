from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField

KEPT_DAYS = 180
MOST_KEPT_DAYS = 3650
ORIGIN_LENGTH = 200
SOURCE_NAME_LENGTH = 120


class AssistSettings(models.Model):
    """The tenant's choices; one row, and none reads as the defaults."""

    only = models.BooleanField(default=True, unique=True)
    conversations_kept_days = models.PositiveSmallIntegerField(default=KEPT_DAYS)
    # For receipts: which share of the readers beyond the usual number would have written, and how
    # long one of their tickets would have taken.
    ticket_share_percent = models.PositiveSmallIntegerField(default=5)
    ticket_minutes = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(name="assist_settings_once", condition=models.Q(only=True)),
            models.CheckConstraint(
                name="assist_conversations_kept_some_days",
                condition=models.Q(conversations_kept_days__range=(1, MOST_KEPT_DAYS)),
            ),
            models.CheckConstraint(
                name="assist_tickets_are_estimated_within_reason",
                condition=models.Q(ticket_share_percent__lte=100, ticket_minutes__range=(1, 480)),
            ),
        ]

    def __str__(self) -> str:
        return "settings"


class Vouching(models.TextChoices):
    """Whether the customers' addresses that a source hands in count as proved."""

    SAID = "said", "as each conversation says"
    ALWAYS = "always", "always: its customers are signed in"
    NEVER = "never", "never: customers are asked by mail"


class ConversationSource(models.Model):
    """A program that hands conversations in by signed webhooks (Standard Webhooks)."""

    id = RecordId()
    name = models.CharField(max_length=SOURCE_NAME_LENGTH)
    secret = EncryptedTextField()
    # The previous secret, while both are accepted.
    previous_secret = EncryptedTextField(blank=True, db_default="")
    previous_until = models.DateTimeField(null=True)
    # Nothing is taken and the side panel is closed.
    is_paused = models.BooleanField(default=False, db_default=False)
    # The language in which its customers are answered; empty: the one they write in.
    language = models.CharField(max_length=12, blank=True, db_default="")
    vouching = models.CharField(
        max_length=8, choices=Vouching.choices, default=Vouching.SAID, db_default=Vouching.SAID
    )
    # When something was last accepted, and when and why something was last refused.
    last_taken_at = models.DateTimeField(null=True)
    last_refused_at = models.DateTimeField(null=True)
    last_refusal = models.CharField(max_length=200, blank=True, db_default="")
    page_ids = ArrayField(models.CharField(max_length=26), default=list, blank=True)
    # The sites that may show the side panel in a frame, and are handed what is to be inserted.
    frame_origins = ArrayField(models.CharField(max_length=ORIGIN_LENGTH), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="conversation_source_vouching_is_known",
                condition=models.Q(vouching__in=Vouching.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def secrets_at(self, moment: datetime) -> list[str]:
        """The secrets that sign for it at a moment; one that cannot be read any more is none."""
        is_kept = self.previous_until is not None and moment < self.previous_until
        return [one for one in (self.secret, self.previous_secret if is_kept else "") if one]


class OutgoingCount(models.Model):
    """How many messages have been listed for the doors that are bound to the same pages."""

    page_ids = ArrayField(models.CharField(max_length=26), default=list, unique=True)
    last_no = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_no)
