from django.db import models

from atender.ids import RecordId
from incidents.models.incidents import Incident


class NudgeKind(models.TextChoices):
    SILENCE = "silence", "silence"
    PROMISE = "promise", "promise"


class Nudge(models.Model):
    """Staff were told that the public is waiting: once for each moment and count."""

    id = RecordId()
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="nudges")
    kind = models.CharField(max_length=8, choices=NudgeKind.choices)
    # What it is about: when the silence began, or the time that was promised.
    about = models.DateTimeField()
    # How many whole intervals a silence had lasted; 1 of a promise.
    number = models.PositiveIntegerField(default=1)
    told = models.PositiveIntegerField()
    nudged_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "about", "number"], name="nudged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.incident}"
