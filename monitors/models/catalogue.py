"""Monitors and the services that they form."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField
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


class Verdict(models.TextChoices):
    """How a monitor stands, or what one check of it found."""

    UP = "up", "Up"
    DEGRADED = "degraded", "Degraded"
    DOWN = "down", "Down"
    UNKNOWN = "unknown", "Unknown"


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
    # How many regions have to fail before it counts as down; null: more than half.
    quorum = models.PositiveSmallIntegerField("down from", null=True, blank=True)
    # What its kind needs besides, and the part of it that opens doors, as JSON.
    config = models.JSONField(default=dict, blank=True)
    secrets = EncryptedTextField(blank=True)
    # The last part of the address that a heartbeat calls.
    heartbeat_token = models.CharField(max_length=43, null=True, unique=True, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="monitors"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # What `settle` made of the checks; nobody else writes these.
    verdict = models.CharField(
        max_length=8, choices=Verdict.choices, default=Verdict.UNKNOWN, editable=False
    )
    verdict_since = models.DateTimeField(null=True, editable=False)
    error_code = models.CharField(max_length=40, blank=True, editable=False)
    cause = models.CharField(max_length=500, blank=True, editable=False)
    latency_ms = models.PositiveIntegerField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    # When it flipped within the last hour, and since when a flip more is held back.
    flipped_at = ArrayField(models.DateTimeField(), default=list, blank=True, editable=False)
    held_verdict = models.CharField(max_length=8, blank=True, editable=False)
    held_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="monitor_kind_is_known", condition=Q(kind__in=MonitorKind.values)
            ),
            models.CheckConstraint(
                name="monitor_is_checked_every_5_s_at_most", condition=Q(interval_s__gte=5)
            ),
            models.CheckConstraint(
                name="monitor_verdict_is_known", condition=Q(verdict__in=Verdict.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lacks_address(self) -> bool:
        """Whether there is nothing yet to check; a heartbeat calls by itself."""
        return not self.url and self.kind != MonitorKind.HEARTBEAT
