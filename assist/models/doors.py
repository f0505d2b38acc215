from django.contrib.postgres.fields import ArrayField
from django.db import models

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField

KEPT_DAYS = 180
MOST_KEPT_DAYS = 3650
ORIGIN_LENGTH = 200


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


class ConversationSource(models.Model):
    """A program that hands conversations in by signed webhooks (Standard Webhooks)."""

    id = RecordId()
    name = models.CharField(max_length=120)
    secret = EncryptedTextField()
    page_ids = ArrayField(models.CharField(max_length=26), default=list, blank=True)
    # The sites that may show the side panel in a frame, and are handed what is to be inserted.
    frame_origins = ArrayField(models.CharField(max_length=ORIGIN_LENGTH), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
