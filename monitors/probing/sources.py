"""Where a prober's work comes from, and where its results go."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection
from django.utils import timezone

from atender.tenants.context import in_tenant
from monitors.checks.recording import Recorded, record
from monitors.kinds.jobs import Finding, Job
from monitors.outcomes import Outcome
from monitors.probing.claiming import Claimed, claim, move_on


@dataclass(frozen=True, slots=True)
class Result:
    """`age_s` is how long ago the check ended, by the prober's own steady clock."""

    job: Job
    finding: Finding
    age_s: float = 0.0


class Source(Protocol):
    """Called from one thread; what it raises means that it is to be asked again later."""

    def claim(self, limit: int) -> Sequence[Job]: ...

    def report(self, results: Sequence[Result]) -> None: ...


class Database:
    """The installation's own database, for all tenants at once."""

    def __init__(self, *regions: str) -> None:
        self.regions = regions

    def claim(self, limit: int) -> Sequence[Job]:
        try:
            return claim(self.regions, limit=limit)
        finally:
            connection.close()

    def report(self, results: Sequence[Result]) -> None:
        try:
            keep_for_all(results, place=self.regions[0])
        finally:
            connection.close()


def keep_for_all(results: Sequence[Result], *, place: str) -> None:
    """Record results of any tenants, by the database's clock: a prober's own may be hours off."""
    by_schema: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_schema[result.job.schema].append(result)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone() or (None,)
    for schema, ours in by_schema.items():
        with in_tenant(schema):
            keep(ours, place=place, now=now)


def keep(results: Sequence[Result], *, place: str, now: datetime | None = None) -> int:
    """Record results in the present tenant, and plan the next rounds of what was checked."""
    now = now or timezone.now()
    kept = record(
        [
            Recorded(
                one.job.monitor_id,
                Outcome(
                    one.finding.verdict,
                    now - timedelta(seconds=one.age_s),
                    one.job.region,
                    one.finding.error_code,
                    one.finding.latency_ms,
                    one.job.region or place,
                ),
            )
            for one in results
        ]
    )
    move_on([Claimed(r.job.schema, r.job.monitor_id, r.job.region) for r in results])
    return kept
