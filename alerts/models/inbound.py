"""Where other systems' alerts come in: an address with a token of its own."""

from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField

NAME_LENGTH = 120


class SourceKind(models.TextChoices):
    ALERTMANAGER = "alertmanager", "Prometheus Alertmanager"
    GRAFANA = "grafana", "Grafana"
    GENERIC = "generic", "any JSON webhook"
    UPTIMEROBOT = "uptimerobot", "UptimeRobot"
    PAGERDUTY = "pagerduty", "PagerDuty's own webhook"


class InboundSource(models.Model):
    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    # Whose alerts they are: the service's responders are called.
    service = models.ForeignKey(
        "monitors.Service", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Where the words of a generic body stand, by fact; empty: where they usually do.
    mapping = models.JSONField(default=dict, blank=True)
    # Readable again for those who set the other system up; found by its digest.
    token = EncryptedTextField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="inbound_kind_is_known", condition=Q(kind__in=SourceKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """The path below the console host; whoever knows it may raise alerts."""
        form = "generic" if self.kind == SourceKind.UPTIMEROBOT else self.kind
        return f"/api/v1/inbound/{self.token}/{form}"
