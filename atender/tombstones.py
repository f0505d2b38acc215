"""Records that others still name after they are deleted: the row stays, but in no list."""

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
    """Foreign keys can still read it; nothing that lists or looks up records finds it."""

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
