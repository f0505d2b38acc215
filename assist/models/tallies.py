from django.db import models
from django.db.models import Q

from incidents.models import Incident

COUNTS = ("linked", "gained", "answered", "shown", "confirmed", "dismissed")


class Tally(models.Model):
    """What forgotten conversations had to do with an incident on a day (UTC): numbers alone.

    `band` is that of the cards' confidence, counted up from 1; what is no card has band 0.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tallies")
    day = models.DateField()
    band = models.PositiveSmallIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    gained = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    dismissed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "day", "band"], name="tally_once_a_day_and_band"
            ),
            models.CheckConstraint(
                name="tally_decides_about_what_was_shown",
                condition=Q(shown__gte=models.F("confirmed") + models.F("dismissed")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} on {self.day}"
