from django.db import models

from incidents.models import Incident


class Receipt(models.Model):
    """What an incident has meant, drawn up once after its end and then left as it is.

    `version` is part of the link's signature: a link that was switched off never works again.
    """

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="receipt"
    )
    figures = models.JSONField(null=True)
    drawn_at = models.DateTimeField(null=True)
    is_shared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receipt_is_drawn_at_a_time",
                condition=models.Q(figures=None, drawn_at=None)
                | models.Q(figures__isnull=False, drawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"receipt of {self.incident_id}"
