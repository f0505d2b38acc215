"""What is watched. Floor 1: it knows nothing of incidents."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from atender.tombstones import STANDS, Tombstone

NAME_LENGTH = 120


class Service(Tombstone):
    """A logical group of monitors, by which responders think of what broke."""

    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH)
    description = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=STANDS, name="service_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class MonitorKind(models.TextChoices):
    HTTP = "http", "web address"
    AGENT = "agent", "AI agent"
    HEARTBEAT = "heartbeat", "heartbeat"
    TCP = "tcp", "TCP port"
    DNS = "dns", "DNS name"
    TLS = "tls", "TLS certificate"
    UPSTREAM = "upstream", "vendor's status page"


class Monitor(Tombstone):
    """A thing that is checked; its name is public wherever an incident names it."""

    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=9, choices=MonitorKind.choices, default=MonitorKind.HTTP)
    url = models.CharField("address", max_length=500, blank=True)
    interval_s = models.PositiveIntegerField("checked every, s", default=60)
    timeout_s = models.PositiveIntegerField("waits at most, s", default=10)
    retries = models.PositiveIntegerField("tries again", default=2)
    # Where it is checked from; empty means wherever there is a prober.
    regions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="monitors"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="monitor_kind_is_known", condition=Q(kind__in=MonitorKind.values)
            ),
            models.CheckConstraint(
                name="monitor_is_checked_every_5_s_at_most", condition=Q(interval_s__gte=5)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Runbook(ActedBy):
    """What to do when something breaks: Markdown, for staff alone.

    `subject_id` is that of a service or a monitor, or of whatever stands on a floor above.
    """

    id = RecordId()
    subject_id = ULIDField(unique=True)
    text = models.TextField()
    # Grows with every writing: who overwrites what he has not read is told.
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]
