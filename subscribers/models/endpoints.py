"""Where a subscriber is called: address, secrets and health."""

from django.db import models
from django.db.models import Q

from atender.addresses import ADDRESS_LENGTH
from atender.outbound.secrets import EncryptedTextField
from subscribers.models.people import Subscriber
from subscribers.models.vocabulary import BodyFormat

SENTENCE_LENGTH = 300
# What an endpoint is like before anything went wrong.
WELL = {
    "failing_since": None,
    "failures": 0,
    "rests_until": None,
    "disabled_at": None,
    "disabled_why": "",
}
# Why one is switched off that staff paused. Its owner reads this, and never who of them it was.
PAUSED = "Paused by the page's staff."


class Endpoint(models.Model):
    """The called side of a webhook's or chat's subscriber.

    The URL is a secret too: whoever knows a chat's URL may write there. People see the subscriber's
    address, which names the host and tells it from others.
    """

    subscriber = models.OneToOneField(
        Subscriber, on_delete=models.CASCADE, primary_key=True, related_name="endpoint"
    )
    url = EncryptedTextField()
    format = models.CharField(
        max_length=12, choices=BodyFormat.choices, default=BodyFormat.STANDARD
    )
    # Who may change it and is told when it is switched off; empty where staff look after it.
    owner_email = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    secret = EncryptedTextField(blank=True)
    # Signs beside the new one for a while after a rotation.
    previous_secret = EncryptedTextField(blank=True)
    previous_until = models.DateTimeField(null=True)

    last_success_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    # What came of the last call, in our words: an endpoint's own are shown to nobody.
    last_answer = models.CharField(max_length=SENTENCE_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True)
    # Waits its turn behind those that answer quickly.
    is_slow = models.BooleanField(default=False)
    rests_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=SENTENCE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="endpoint_format_is_known", condition=Q(format__in=BodyFormat.values)
            ),
            models.CheckConstraint(
                name="endpoint_fails_since_a_time",
                condition=Q(failures=0, failing_since=None)
                | Q(failures__gt=0, failing_since__isnull=False),
            ),
            models.CheckConstraint(
                name="endpoint_disabled_for_a_reason",
                condition=Q(disabled_at=None, disabled_why="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_why="")),
            ),
            models.CheckConstraint(
                name="endpoint_previous_secret_ends",
                condition=Q(previous_secret="") | Q(previous_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"endpoint of {self.subscriber_id}"

    @property
    def is_paused(self) -> bool:
        return self.disabled_why == PAUSED
