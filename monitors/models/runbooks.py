from django.db import models

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField


class Runbook(ActedBy):
    """What to do when something breaks: Markdown, for staff alone.

    `subject_id` is the id of a service, a monitor, or a record of a floor above.
    """

    id = RecordId()
    subject_id = ULIDField(unique=True)
    text = models.TextField()
    # Grows with every writing: who overwrites what he has not read is told.
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]
