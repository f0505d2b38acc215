"""An alert: what calls responders. Visitors never see one; an incident is what they read."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models import Incident
from incidents.models.vocabulary import Severity

SUMMARY_LENGTH = 255
KEY_LENGTH = 255


class AlertStatus(models.TextChoices):
    TRIGGERED = "triggered", "Triggered"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"


class AlertSeverity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
    INFO = "info", "Info"


# The severity of an incident opened from it; critical only if somebody asks for that.
INCIDENT_SEVERITY: dict[str, Severity | None] = {
    AlertSeverity.CRITICAL: Severity.MAJOR,
    AlertSeverity.ERROR: Severity.MINOR,
    AlertSeverity.WARNING: Severity.MINOR,
    AlertSeverity.INFO: None,
}


class AlertSource(models.TextChoices):
    MONITOR = "monitor", "a monitor"
    ALERTMANAGER = "alertmanager", "Alertmanager"
    GRAFANA = "grafana", "Grafana"
    GENERIC = "generic", "a webhook"
    API = "api", "the API"
    PERSON = "person", "a person"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> Self:
        """Not resolved."""
        return self.exclude(status=AlertStatus.RESOLVED)

    def of_failures(self) -> Self:
        """Raised by what fails, and not by somebody who pages for an incident."""
        return self.exclude(source=AlertSource.PERSON)

    def unattended(self) -> Self:
        """Nobody has it."""
        return self.filter(status=AlertStatus.TRIGGERED)


class Alert(models.Model):
    id = RecordId()
    summary = models.CharField(max_length=SUMMARY_LENGTH)
    severity = models.CharField(
        max_length=8, choices=AlertSeverity.choices, default=AlertSeverity.ERROR
    )
    status = models.CharField(
        max_length=12, choices=AlertStatus.choices, default=AlertStatus.TRIGGERED
    )
    source = models.CharField(max_length=12, choices=AlertSource.choices)
    # Who sent it, where several may use the same keys; and the key of what it is about.
    origin_id = ULIDField(null=True)
    dedup_key = models.CharField(max_length=KEY_LENGTH)
    # Tells one occurrence from the next, in the sender's words; a repeated report has the same.
    occurrence = models.CharField(max_length=64, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    details = models.JSONField(default=dict)

    monitor = models.ForeignKey(
        "monitors.Monitor", null=True, on_delete=models.SET_NULL, related_name="alerts"
    )
    service = models.ForeignKey(
        "monitors.Service", null=True, on_delete=models.SET_NULL, related_name="alerts"
    )
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.SET_NULL, related_name="alerts"
    )

    # Whom a person chose to call for it; else its monitor's and service's routing says so.
    target_group = models.ForeignKey(
        "alerts.NotificationGroup", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    target_policy = models.ForeignKey(
        "alerts.EscalationPolicy", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Raised, or awake again, and nobody has been called for it yet.
    wants_page = models.BooleanField(default=True)
    escalation = models.ForeignKey(
        "alerts.Escalation", null=True, on_delete=models.SET_NULL, related_name="alerts"
    )

    triggered_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.CharField(max_length=26, blank=True)
    acknowledged_by_name = models.CharField(max_length=120, blank=True)
    snoozed_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["-triggered_at"],
                condition=~Q(status=AlertStatus.RESOLVED),
                name="alert_open",
            ),
            models.Index(
                fields=["id"],
                condition=Q(wants_page=True) & ~Q(status=AlertStatus.RESOLVED),
                name="alert_to_page",
            ),
            models.Index(fields=["dedup_key", "-triggered_at"], name="alert_by_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin_id", "dedup_key"],
                condition=~Q(status=AlertStatus.RESOLVED),
                nulls_distinct=False,
                name="alert_open_once",
            ),
            models.CheckConstraint(
                name="alert_status_is_known", condition=Q(status__in=AlertStatus.values)
            ),
            models.CheckConstraint(
                name="alert_severity_is_known", condition=Q(severity__in=AlertSeverity.values)
            ),
            models.CheckConstraint(
                name="alert_resolved_has_resolved_at",
                condition=Q(status=AlertStatus.RESOLVED, resolved_at__isnull=False)
                | (~Q(status=AlertStatus.RESOLVED) & Q(resolved_at=None)),
            ),
            models.CheckConstraint(
                name="alert_acknowledged_has_acknowledged_at",
                condition=~Q(status=AlertStatus.ACKNOWLEDGED) | Q(acknowledged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.summary

    @property
    def is_open(self) -> bool:
        return self.status != AlertStatus.RESOLVED

    @property
    def incident_severity(self) -> Severity | None:
        return INCIDENT_SEVERITY[self.severity]

    def is_snoozed(self, at: datetime) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > at


class EntryKind(models.TextChoices):
    TRIGGERED = "triggered", "triggered"
    ACKNOWLEDGED = "acknowledged", "acknowledged"
    RESOLVED = "resolved", "resolved"
    SNOOZED = "snoozed", "snoozed"
    WOKE = "woke", "awake again"
    NOTE = "note", "note"
    INCIDENT = "incident", "incident"
    PAGED = "paged", "paged"
    ESCALATED = "escalated", "escalated"
    EXHAUSTED = "exhausted", "nobody left"
    TOLD = "told", "told"


class AlertEntry(ActedBy):
    """A line of an alert's timeline. Append-only by trigger; alerts themselves are never deleted.

    `text` is a sentence, or a person's own words where it is a note.
    """

    id = RecordId()
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    text = models.TextField(blank=True)
    incident_id = ULIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "alert_entries"
        ordering = ["at", "id"]
        verbose_name_plural = "alert entries"

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:60]}"
