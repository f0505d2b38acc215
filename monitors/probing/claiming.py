"""Shares due checks among probers: one prober claims each, for as long as it can take.

A claim moves the round forward, so that nothing is locked while a check runs. The work of a prober
that dies is due again when the claim ends, at most one interval later.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from atender.ids import ulid_text, ulid_uuid
from atender.tenants.context import in_public, in_tenant
from monitors.configs import joined
from monitors.kinds.jobs import Job
from monitors.models import Monitor
from monitors.rounds.models import Round

# A twentieth to either side, so that what began together does not stay together.
NEXT = "make_interval(secs => interval_s * (0.95 + 0.1 * random()))"
CLAIM = f"""
UPDATE public.rounds_round SET due_at = clock_timestamp() + CASE
    WHEN lease_s < interval_s THEN make_interval(secs => lease_s) ELSE {NEXT} END
WHERE id IN (
    SELECT r.id FROM public.rounds_round r
    WHERE r.region = ANY(%(regions)s) AND r.due_at <= clock_timestamp()
        AND (%(schema)s IS NULL OR r.schema = %(schema)s)
        AND NOT EXISTS (SELECT FROM public.tenants_tenant t
                        WHERE t.schema_name = r.schema AND t.is_suspended)
    ORDER BY r.due_at LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED)
RETURNING schema, monitor_id, region
"""  # noqa: S608 - a constant
MOVE_ON = f"""
UPDATE public.rounds_round SET due_at = clock_timestamp() + {NEXT}
WHERE lease_s < interval_s AND (schema, monitor_id, region) IN (
    SELECT * FROM unnest(%s::text[], %s::uuid[], %s::text[]))
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Claimed:
    schema: str
    monitor_id: str
    region: str


def claim(regions: Sequence[str], *, limit: int, schema: str | None = None) -> list[Job]:
    """Take what is due in regions, of one tenant or of all, and say how it is checked."""
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"regions": ["", *regions], "schema": schema, "limit": limit})
        claimed = [Claimed(row[0], ulid_text(row[1]), row[2]) for row in cursor.fetchall()]
    by_schema: dict[str, list[Claimed]] = defaultdict(list)
    for one in claimed:
        by_schema[one.schema].append(one)
    return [job for schema, ours in by_schema.items() for job in _jobs(schema, ours)]


def _jobs(schema: str, claimed: Sequence[Claimed]) -> Iterable[Job]:
    with in_tenant(schema):
        rows = Monitor.objects.filter(pk__in={one.monitor_id for one in claimed})
        monitors = {monitor.id: monitor for monitor in rows}
    gone = [one.monitor_id for one in claimed if one.monitor_id not in monitors]
    if gone:
        Round.objects.filter(schema=schema, monitor_id__in=gone).delete()
    for one in claimed:
        if monitor := monitors.get(one.monitor_id):
            yield job_of(monitor, region=one.region, schema=schema)


def job_of(monitor: Monitor, *, region: str = "", schema: str = "") -> Job:
    return Job(
        monitor_id=monitor.id,
        kind=monitor.kind,
        url=monitor.url,
        timeout_s=monitor.timeout_s,
        retries=monitor.retries,
        config=joined(monitor.config, monitor.secrets),
        region=region,
        schema=schema,
        interval_s=monitor.interval_s,
    )


def move_on(done: Sequence[Claimed]) -> None:
    """Plan the next round of checks that are done; those of short intervals are planned already."""
    with connection.cursor() as cursor:
        monitors = [ulid_uuid(d.monitor_id) for d in done]
        regions = [d.region for d in done]
        cursor.execute(MOVE_ON, [[d.schema for d in done], monitors, regions])
