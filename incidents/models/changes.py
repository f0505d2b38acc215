"""What was deployed or configured: the first suspects when something breaks. Never public."""

from datetime import datetime
from typing import Self

from django.db import models

from atender.actors import ActedBy
from atender.ids import RecordId
from incidents.models.components import Component

SUMMARY_LENGTH = 255


class ChangeKind(models.TextChoices):
    DEPLOYMENT = "deployment", "deployment"
    CONFIGURATION = "configuration", "configuration change"
    FEATURE_FLAG = "feature_flag", "feature flag"
    DATABASE = "database", "database change"
    INFRASTRUCTURE = "infrastructure", "infrastructure change"
    OTHER = "other", "other change"


class SystemChangeQuerySet(models.QuerySet["SystemChange"]):
    def between(self, start: datetime, end: datetime) -> Self:
        """Those that happened from `start` to `end`, both included."""
        return self.filter(happened_at__range=(start, end))

    def older_than(self, moment: datetime) -> Self:
        return self.filter(happened_at__lt=moment)


class SystemChange(ActedBy):
    """A deployment, a setting, a flag; `by_…` is who reported it, `author` who made it."""

    id = RecordId()
    kind = models.CharField(
        max_length=14, choices=ChangeKind.choices, default=ChangeKind.DEPLOYMENT
    )
    summary = models.CharField(max_length=SUMMARY_LENGTH)
    version = models.CharField(max_length=120, blank=True)
    url = models.CharField("link", max_length=500, blank=True)
    author = models.CharField("made by", max_length=120, blank=True)
    service = models.ForeignKey(
        "monitors.Service", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    components = models.ManyToManyField(Component, blank=True, related_name="+")
    happened_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SystemChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "change"
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="change_kind_is_known", condition=models.Q(kind__in=ChangeKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.summary
