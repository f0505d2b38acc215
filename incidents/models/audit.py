from django.db import models

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField


class AuditEntry(ActedBy):
    """Something that a person or program did to the record. Append-only by trigger.

    `action` is a dotted word such as `incident.deleted`; `details` holds what a reader needs to
    understand it and never an address.
    """

    id = RecordId()
    action = models.CharField(max_length=60)
    subject_id = ULIDField(db_index=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} by {self.by_name}"
