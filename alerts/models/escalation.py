"""An escalation that runs, and each call that it makes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.models.people import ContactMethod, EscalationPolicy, NotificationGroup
from atender.ids import RecordId


class EscalationState(models.TextChoices):
    RUNNING = "running", "calling"
    STOPPED = "stopped", "somebody has it, or it is over"
    EXHAUSTED = "exhausted", "everybody was called"


class Escalation(models.Model):
    """One page-out: alerts that called the same people at the same time share it."""

    id = RecordId()
    group = models.ForeignKey(
        NotificationGroup, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    policy = models.ForeignKey(
        EscalationPolicy, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(
        max_length=9, choices=EscalationState.choices, default=EscalationState.RUNNING
    )
    # Which step comes next, in which round; and when.
    step = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="escalation_state_is_known", condition=Q(state__in=EscalationState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} since {self.began_at}"


class CallState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    DROPPED = "dropped", "not needed any more"


class Call(models.Model):
    """One message to one person, unique by its place in the escalation."""

    id = RecordId()
    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="calls")
    place = models.CharField(max_length=20)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    method = models.ForeignKey(
        ContactMethod, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    after_s = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=CallState.choices, default=CallState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "place", "method", "after_s"], name="call_once"
            ),
            models.CheckConstraint(
                name="call_state_is_known", condition=Q(state__in=CallState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.state})"
