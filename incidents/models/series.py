"""Planned work that repeats; each occurrence is an ordinary maintenance."""

from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models.components import Component
from incidents.models.incidents import TITLE_LENGTH, Incident
from incidents.models.pages import Page
from incidents.models.vocabulary import ComponentStateName
from incidents.recurrence import Recurrence, Rule, read_rule
from incidents.recurrence.rules import LONGEST_RULE


class MaintenanceSeriesQuerySet(models.QuerySet["MaintenanceSeries"]):
    def lasting(self) -> Self:
        """Not ended by staff; its rule may have run out."""
        return self.filter(ended_at=None)


class MaintenanceSeries(ActedBy):
    """What each time has in common, and the rule by which it comes."""

    id = RecordId()
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.TextField(blank=True)
    rrule = models.CharField(max_length=LONGEST_RULE)
    starts_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    duration = models.DurationField()
    notice_before = models.DurationField(null=True)
    components = models.ManyToManyField(Component, through="SeriesImpact", related_name="+")
    monitors = models.ManyToManyField("monitors.Monitor", related_name="+")
    pages = models.ManyToManyField(Page, related_name="+")
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # The door's own id of the request that planned it, so that a double click plans one.
    submission_id = ULIDField(null=True, unique=True)
    # Grows with every change; the API's ETag.
    version = models.PositiveIntegerField(default=1)

    objects = MaintenanceSeriesQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "maintenance series"
        constraints = [
            models.CheckConstraint(name="series_lasts", condition=Q(duration__gt=timedelta(0))),
            models.CheckConstraint(
                name="series_notice_is_before",
                condition=Q(notice_before=None) | Q(notice_before__gt=timedelta(0)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def rule(self) -> Rule:
        return read_rule(self.rrule)

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(self.rule, self.starts_at, self.zone)


class SeriesImpact(models.Model):
    """What each time does to a component."""

    series = models.ForeignKey(MaintenanceSeries, on_delete=models.CASCADE, related_name="impacts")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=ComponentStateName.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "component"], name="one_impact_a_component_of_series"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component}: {self.state}"


class Maintenance(Incident):
    """An incident of the kind maintenance, as the console's list of them knows it."""

    class Meta:
        proxy = True
        ordering = ["-scheduled_for"]
        verbose_name_plural = "maintenance"
