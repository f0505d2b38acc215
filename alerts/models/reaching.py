"""Codes that verify a way of being called, and pages that test one."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from alerts.models.escalation import CallState
from alerts.models.people import ContactMethod
from atender.ids import RecordId

CODE_GOOD_FOR = timedelta(minutes=15)
MOST_GUESSES = 5


class Purpose(models.TextChoices):
    CODE = "code", "code"
    TEST = "test", "test page"


class MethodMessage(models.Model):
    """A message to a contact method. Codes are not stored: they derive from id and secret."""

    id = RecordId()
    method = models.ForeignKey(ContactMethod, on_delete=models.CASCADE, related_name="messages")
    purpose = models.CharField(max_length=4, choices=Purpose.choices)
    state = models.CharField(max_length=7, choices=CallState.choices, default=CallState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    guesses = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="method_message_purpose_is_known", condition=Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="method_message_state_is_known", condition=Q(state__in=CallState.values)
            ),
            models.CheckConstraint(
                name="method_message_guesses_are_few", condition=Q(guesses__lte=MOST_GUESSES)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} for {self.method}"

    @property
    def expires_at(self) -> datetime:
        """Until when a code opens anything."""
        return self.asked_at + CODE_GOOD_FOR

    def is_good(self, at: datetime) -> bool:
        """Whether the code can still be entered."""
        is_fresh = self.used_at is None and at < self.expires_at and self.guesses < MOST_GUESSES
        return is_fresh and self.purpose == Purpose.CODE
