"""What happens when a monitor fails: whether somebody is called, and whether customers read it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from incidents.models import Page
from incidents.models.vocabulary import Severity
from monitors.models import Verdict

SEVERITIES = (Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)
SEVERITY_NAMES = [severity.value for severity in SEVERITIES]


class AutoIncident(models.TextChoices):
    OFF = "off", "off: an alert only"
    DRAFT = "draft", "draft: an internal incident, which staff publish"
    ON = "on", "on: published at once"


class Tells(models.TextChoices):
    DOWN = "down", "when it goes down"
    RECOVERY = "recovery", "when it recovers"
    DEGRADED = "degraded", "when it is degraded"


def tells_unless_asked() -> list[str]:
    return [Tells.DOWN, Tells.RECOVERY]


class Routing(models.Model):
    """The routing of a monitor, or of a service for its monitors without one of their own."""

    id = RecordId()
    monitor = models.OneToOneField(
        "monitors.Monitor", null=True, on_delete=models.CASCADE, related_name="routing"
    )
    service = models.OneToOneField(
        "monitors.Service", null=True, on_delete=models.CASCADE, related_name="routing"
    )
    auto_incident = models.CharField(
        max_length=5, choices=AutoIncident.choices, default=AutoIncident.OFF
    )
    # Of the incident; without one it follows from the alert's.
    severity = models.CharField(
        max_length=8, choices=[(s.value, s.label) for s in SEVERITIES], null=True, blank=True
    )
    pages = models.ManyToManyField(Page, blank=True, related_name="+")
    notification_group = models.ForeignKey(
        "alerts.NotificationGroup",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    escalation_policy = models.ForeignKey(
        "alerts.EscalationPolicy",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    alert_on = ArrayField(
        models.CharField(max_length=8, choices=Tells.choices),
        default=tells_unless_asked,
        blank=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="routing_is_of_one",
                condition=Q(monitor=None, service__isnull=False)
                | Q(monitor__isnull=False, service=None),
            ),
            models.CheckConstraint(
                name="routing_auto_incident_is_known",
                condition=Q(auto_incident__in=AutoIncident.values),
            ),
            models.CheckConstraint(
                name="routing_severity_is_known",
                condition=Q(severity=None) | Q(severity__in=SEVERITY_NAMES),
            ),
        ]

    def __str__(self) -> str:
        return f"routing of {self.monitor or self.service}"

    @property
    def opens_incidents(self) -> bool:
        return self.auto_incident != AutoIncident.OFF

    @property
    def publishes(self) -> bool:
        return self.auto_incident == AutoIncident.ON


class VerdictNote(models.Model):
    """A confirmed flip waiting to be acted on, then deleted."""

    id = RecordId()
    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    before = models.CharField(max_length=8, choices=Verdict.choices)
    after = models.CharField(max_length=8, choices=Verdict.choices)
    error_code = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=500, blank=True)
    regions = ArrayField(models.CharField(max_length=40), default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.monitor} is {self.after}"
