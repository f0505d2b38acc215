"""Where a team hears of alerts: PagerDuty, chat, a webhook, a mailbox."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from alerts.models.alerts import AlertSeverity
from alerts.models.escalation import Escalation
from alerts.models.people import NAME_LENGTH
from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField


class ChannelKind(models.TextChoices):
    PAGERDUTY = "pagerduty", "PagerDuty"
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    DISCORD = "discord", "Discord"
    WEBHOOK = "webhook", "signed webhook"
    EMAIL = "email", "e-mail"


class AlertChannel(models.Model):
    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    kind = models.CharField(max_length=9, choices=ChannelKind.choices)
    # An address that is itself the key, as chats hand it out, is a secret.
    address = EncryptedTextField()
    secret = EncryptedTextField(blank=True)
    # Empty: every severity. Filters what a channel hears, never who is called.
    severities = ArrayField(
        models.CharField(max_length=8, choices=AlertSeverity.choices), default=list, blank=True
    )
    is_on = models.BooleanField(default=True)
    # Transitions of incidents besides alerts; private words of theirs only where switched on.
    hears_incidents = models.BooleanField(default=False)
    hears_private = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="alert_channel_kind_is_known", condition=Q(kind__in=ChannelKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.TextChoices):
    TRIGGER = "trigger", "triggered"
    UPDATE = "update", "updated"
    ACKNOWLEDGE = "acknowledge", "acknowledged"
    RESOLVE = "resolve", "resolved"
    TEST = "test", "test"


class MessageState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    DROPPED = "dropped", "not needed any more"


class ChannelMessage(models.Model):
    """One event for one channel: of an incident, or of an escalation with all its alerts.

    A test belongs to neither.
    """

    id = RecordId()
    channel = models.ForeignKey(AlertChannel, on_delete=models.CASCADE, related_name="messages")
    escalation = models.ForeignKey(
        Escalation, null=True, on_delete=models.CASCADE, related_name="messages"
    )
    incident = models.ForeignKey(
        "incidents.Incident", null=True, on_delete=models.CASCADE, related_name="+"
    )
    update = models.ForeignKey(
        "incidents.IncidentUpdate", null=True, on_delete=models.CASCADE, related_name="+"
    )
    event = models.CharField(max_length=11, choices=Event.choices)
    state = models.CharField(
        max_length=7, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    happened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "escalation", "event"], name="channel_told_once"
            ),
            models.CheckConstraint(
                name="channel_message_state_is_known",
                condition=Q(state__in=MessageState.values),
            ),
            models.CheckConstraint(
                name="channel_message_is_of_one",
                condition=Q(escalation__isnull=False, incident=None)
                | Q(escalation=None, incident__isnull=False)
                | Q(escalation=None, incident=None, event=Event.TEST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.channel}"
