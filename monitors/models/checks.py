"""What checks found: each one for some days, hourly sums for over a year, the last per region.

Their ids are plain numbers that show at no interface: there are millions, and none is named.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from monitors.models.catalogue import Monitor, Verdict

REGION_LENGTH = 40


class Check(models.Model):
    """One check of a monitor, its retries included."""

    # Monitors are buried and never deleted, so the database need not look after each row.
    monitor = models.ForeignKey(
        Monitor, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    region = models.CharField(max_length=REGION_LENGTH)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    error_code = models.CharField(max_length=40, blank=True)
    latency_ms = models.PositiveIntegerField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["monitor", "-checked_at"], name="check_newest_first"),
            BrinIndex(fields=["checked_at"], name="check_by_time"),
            # Who asks for failures is not shown a million successes first; it holds few rows.
            models.Index(fields=["-id"], condition=~Q(verdict="up"), name="check_not_up"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} from {self.region}"


class CheckHour(models.Model):
    """The checks of an hour that is over, added up."""

    monitor = models.ForeignKey(
        Monitor, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    region = models.CharField(max_length=REGION_LENGTH)
    began_at = models.DateTimeField()
    checks = models.PositiveIntegerField()
    degraded = models.PositiveIntegerField()
    down = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    # Of the checks that had an answer.
    median_ms = models.PositiveIntegerField(null=True)
    p95_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["monitor", "region", "began_at"], name="check_hour_once"
            ),
        ]
        indexes = [BrinIndex(fields=["began_at"], name="check_hour_by_time")]

    def __str__(self) -> str:
        return f"{self.checks} checks from {self.region}"


class RegionState(models.Model):
    """What a region found last. The region is empty where a monitor names none."""

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="region_states")
    region = models.CharField(max_length=REGION_LENGTH, blank=True)
    # Where the check was made, which matters to readers where the region is empty.
    place = models.CharField(max_length=REGION_LENGTH)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    since = models.DateTimeField()
    error_code = models.CharField(max_length=40, blank=True)
    latency_ms = models.PositiveIntegerField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["region"]
        constraints = [
            models.UniqueConstraint(fields=["monitor", "region"], name="region_state_once"),
            models.CheckConstraint(
                name="region_verdict_is_known", condition=Q(verdict__in=Verdict.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} from {self.place}"
