"""The slash command of a team's Slack: the app that signs it, who types it, what was answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField

USER_ID_LENGTH = 32


class SlackApp(models.Model):
    """The one app whose command is taken; its signing secret is what proves a request."""

    id = RecordId()
    is_the_one = models.BooleanField(default=True, unique=True, editable=False)
    signing_secret = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    # Shown while setting it up: when a request was not signed with this secret, and who last
    # typed a command without being assigned to a person.
    refused_at = models.DateTimeField(null=True)
    stranger_id = models.CharField(max_length=USER_ID_LENGTH, blank=True, db_default="")
    stranger_name = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="slack_app_is_one", condition=Q(is_the_one=True)),
        ]

    def __str__(self) -> str:
        return "Slack"


class SlackPerson(models.Model):
    """Which of the staff a Slack user is."""

    id = RecordId()
    slack_user_id = models.CharField(max_length=USER_ID_LENGTH, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["slack_user_id"]

    def __str__(self) -> str:
        return f"{self.slack_user_id} is {self.person}"


class SlackAnswer(models.Model):
    """The answer to a command, so that a repeated request does nothing twice."""

    id = RecordId()
    command = models.CharField(max_length=64, unique=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.command
