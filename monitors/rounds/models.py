from django.db import models

from atender.ids import ULIDField


class Round(models.Model):
    """When a monitor is checked next from a region: ids and times, in the shared schema.

    One table for all tenants, so that a prober asks once however many there are.
    """

    schema = models.CharField(max_length=63)
    monitor_id = ULIDField()
    # Empty: any prober will do.
    region = models.CharField(max_length=40, blank=True)
    interval_s = models.PositiveIntegerField()
    # Longer than any check of it can take; after that the claim counts as abandoned.
    lease_s = models.PositiveIntegerField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schema", "monitor_id", "region"], name="round_once"),
        ]
        indexes = [models.Index(fields=["region", "due_at"], name="round_by_time")]

    def __str__(self) -> str:
        return f"{self.monitor_id} of {self.schema} from {self.region or 'anywhere'}"
