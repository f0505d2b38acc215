from datetime import timedelta

from django.db import models

from atender.ids import RecordId

# Providers repeat a report for three days at most.
KEPT_FOR = timedelta(days=30)


class MailReport(models.Model):
    """A provider's report that was acted on, so that its repetition is ignored.

    `digest` is of what was reported about whom; the address itself is not kept here.
    """

    id = RecordId()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:12]
