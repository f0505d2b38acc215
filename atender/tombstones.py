"""Records that others go on naming after they are deleted: the row stays, out of every list."""

from datetime import datetime
from typing import TypeVar

from django.db import models
from django.utils import timezone

M = TypeVar("M", bound=models.Model, covariant=True)


class KeptRows(models.Manager[M]):
    """The default: rows that are not deleted."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(deleted_at=None)


class Tombstone(models.Model):
    """A foreign key to it still reads it; whatever lists or looks up records does not find it."""

    deleted_at = models.DateTimeField(null=True, editable=False)

    everything = models.Manager()
    objects = KeptRows()

    class Meta:
        abstract = True
        default_manager_name = "objects"

    def bury(self, at: datetime | None = None) -> None:
        self.deleted_at = at or timezone.now()
        self.save(update_fields=["deleted_at"])


STANDS = models.Q(deleted_at=None)
