"""The incident: severity is loudness, status is progress, responder status is who has it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models.components import Component
from incidents.models.pages import Page
from incidents.models.vocabulary import (
    CLOSED,
    DENIED,
    SEVERITIES,
    STATUSES,
    ComponentStateName,
    Kind,
    ResponderStatus,
    Severity,
    Status,
    next_status,
)

TITLE_LENGTH = 255
models.CharField.register_lookup(Length)


def statuses_of_kinds() -> Q:
    return Q(kind=Kind.INCIDENT, status__in=sorted(STATUSES[Kind.INCIDENT])) | Q(
        kind=Kind.MAINTENANCE, status__in=sorted(STATUSES[Kind.MAINTENANCE])
    )


def severities_of_kinds() -> Q:
    return (
        Q(severity=None)
        | Q(kind=Kind.INCIDENT, severity__in=SEVERITIES[Kind.INCIDENT])
        | Q(kind=Kind.MAINTENANCE, severity__in=SEVERITIES[Kind.MAINTENANCE])
    )


class IncidentQuerySet(models.QuerySet["Incident"]):
    def kept(self) -> Self:
        """Not deleted."""
        return self.filter(deleted_at=None)

    def open(self) -> Self:
        """Not closed, scheduled maintenance included."""
        return self.kept().exclude(status__in=CLOSED)

    def active(self) -> Self:
        """What is wrong or under work now: open, and not merely scheduled."""
        return self.open().exclude(status=Status.SCHEDULED)

    def closed(self) -> Self:
        return self.kept().filter(status__in=CLOSED)

    def on_page(self, page: Page) -> Self:
        return self.kept().filter(publications__page=page)

    def recent(self, since: datetime) -> Self:
        return self.closed().filter(resolved_at__gte=since)


class Incident(ActedBy):
    id = RecordId()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INCIDENT)
    title = models.CharField(max_length=TITLE_LENGTH)
    severity = models.CharField(max_length=12, choices=Severity.choices, null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices)

    responder_status = models.CharField(
        max_length=12, choices=ResponderStatus.choices, default=ResponderStatus.TRIGGERED
    )
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.CharField(max_length=26, blank=True)
    acknowledged_by_name = models.CharField(max_length=120, blank=True)

    service = models.ForeignKey(
        "monitors.Service", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    components = models.ManyToManyField(Component, through="ComponentImpact", related_name="+")
    pages = models.ManyToManyField(Page, through="incidents.Publication", related_name="incidents")
    # Where somebody took it off; nothing that acts by itself shows it there again.
    kept_off = models.ManyToManyField(Page, related_name="+")
    monitors = models.ManyToManyField(
        "monitors.Monitor", through="IncidentMonitor", related_name="+"
    )

    is_auto_created = models.BooleanField(default=False)
    holds_auto_resolve = models.BooleanField("hold auto-resolve", default=False)
    next_update_by = models.DateTimeField(null=True, blank=True)
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_until = models.DateTimeField(null=True, blank=True)
    # How long before its start subscribers are reminded, and of which start they were.
    notice_before = models.DurationField(null=True, blank=True)
    reminded_for = models.DateTimeField(null=True)
    # One time of a series: the start that the rule gave it, which a moved one keeps, and whether
    # it goes on following the series. What somebody changes by hand does not.
    series = models.ForeignKey(
        "incidents.MaintenanceSeries",
        null=True,
        on_delete=models.SET_NULL,
        related_name="occurrences",
        db_index=False,
    )
    occurs_at = models.DateTimeField(null=True)
    follows_series = models.BooleanField(default=False)

    started_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    last_public_update_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # The door's own id of the request that opened it, so that a double click opens one.
    submission_id = ULIDField(null=True, unique=True)
    # Grows with every change; the API's ETag.
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["-started_at"],
                condition=Q(deleted_at=None) & ~Q(status__in=sorted(CLOSED)),
                name="incident_open",
            ),
            models.Index(
                fields=["-resolved_at"], condition=Q(deleted_at=None), name="incident_by_resolution"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "occurs_at"], name="occurrence_once"),
            models.CheckConstraint(
                name="incident_status_fits_kind",
                condition=statuses_of_kinds(),
            ),
            models.CheckConstraint(
                name="incident_severity_fits_kind", condition=severities_of_kinds()
            ),
            models.CheckConstraint(
                name="incident_closed_has_resolved_at",
                condition=Q(status__in=sorted(CLOSED), resolved_at__isnull=False)
                | (~Q(status__in=sorted(CLOSED)) & Q(resolved_at=None)),
            ),
            models.CheckConstraint(
                name="incident_closed_is_closed_for_responders",
                condition=~Q(status__in=sorted(CLOSED))
                | Q(responder_status=ResponderStatus.RESOLVED),
            ),
            models.CheckConstraint(
                name="incident_title_is_not_blank",
                condition=models.lookups.GreaterThan(Length(Trim("title")), 0),
            ),
            models.CheckConstraint(
                name="incident_notice_is_before",
                condition=Q(notice_before=None) | Q(notice_before__gt=timedelta(0)),
            ),
            models.CheckConstraint(
                name="incident_window_ends_after_it_starts",
                condition=Q(scheduled_until=None)
                | Q(scheduled_for=None)
                | Q(scheduled_until__gt=F("scheduled_for")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def next_status(self) -> Status | None:
        return next_status(self.status, self.kind)

    def can_become(self, status: str) -> bool:
        """Whether the status is another of this kind, and none that denies what has happened."""
        is_denied = status in DENIED.get(Status(self.status), ())
        return status in STATUSES[Kind(self.kind)] and status != self.status and not is_denied


class ComponentImpact(models.Model):
    """What an incident does to a component while it is open."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="impacts")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="impacts")
    state = models.CharField(max_length=16, choices=ComponentStateName.choices)
    # Chosen by hand: a change of severity leaves it alone.
    is_adjusted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "component"], name="one_impact_a_component"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component}: {self.state}"


class IncidentMonitor(models.Model):
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="monitor_tags")
    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "monitor"], name="one_tag_a_monitor"),
        ]

    def __str__(self) -> str:
        return f"{self.monitor}"
