from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId
from incidents.models.vocabulary import Status


class Drill(ActedBy):
    """A rehearsal: an outage and a wave of customers that exist nowhere else.

    Nothing of it is an incident, an update or a conversation, so nothing that sends, publishes or
    reports ever sees it. The clock is `clock_s` and, while it goes, the time since
    `going_since`.
    """

    id = RecordId()
    scenario = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    clock_s = models.FloatField(default=0)
    # When the clock was set going, and when somebody last looked.
    going_since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    # Null once it is over, so that one at a time is not.
    is_open = models.BooleanField(default=True, null=True)
    ended_at = models.DateTimeField(null=True)
    # None where it was stopped before its end.
    scorecard = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["is_open"], name="one_drill_at_a_time"),
            models.CheckConstraint(
                name="drill_is_open_until_it_ends",
                condition=Q(is_open=True, ended_at=None)
                | Q(is_open__isnull=True, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"drill of {self.started_at:%Y-%m-%d}"


class DrillUpdate(models.Model):
    """What staff told the drill's public, and when by its clock."""

    id = RecordId()
    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="updates")
    at_s = models.FloatField()
    title = models.CharField(max_length=255, blank=True)
    body = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=Status.choices)
    # When, on the drill's clock, the next update was promised.
    promised_s = models.FloatField(null=True)

    class Meta:
        ordering = ["at_s", "id"]

    def __str__(self) -> str:
        return f"{self.status} at {self.at_s:.0f} s"


class DrillDecision(models.Model):
    """What was decided about the card beside the message of this number."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    is_linked = models.BooleanField()
    at_s = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drill", "number"], name="decided_once_a_message"),
        ]

    def __str__(self) -> str:
        return f"message {self.number}"
