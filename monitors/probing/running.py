"""Run now: check at once, from here and every other region, and report the result."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.conf import settings
from django.db import connection
from django.utils import timezone

from atender.ids import ulid_uuid
from atender.refusals import Refused
from atender.tenants.context import current_schema
from monitors.kinds import Finding, Job, check
from monitors.models import Monitor, MonitorKind, RegionState
from monitors.probing.claiming import job_of
from monitors.probing.sources import Result, keep
from monitors.rounds.models import Round
from monitors.rounds.planning import is_probed

# Somebody is waiting for the answer.
LONGEST_RUN_S = 30
LOOKS_EVERY_S = 0.25
# A round overdue by this much means that no prober is there.
OVERDUE = timedelta(seconds=20)
BASELINE = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_ms) FROM monitors_check
WHERE monitor_id = %s AND checked_at BETWEEN %s AND %s AND verdict = 'up'
"""


class NothingToRun(Refused):
    """The monitor has nothing that could be checked."""


@dataclass(frozen=True, slots=True)
class Run:
    """The monitor as it stands after the run; `waiting` are regions that have not answered yet."""

    monitor: Monitor
    states: Sequence[RegionState]
    waiting: Sequence[str]
    baseline_ms: int | None


def run_now(monitor: Monitor) -> Run:
    """Check a monitor now; regions that are elsewhere are asked and waited for. Raises Refused."""
    _check_runnable(monitor)
    began_at = timezone.now()
    here = [r for r in monitor.regions or [""] if r in ("", *settings.PROBE_REGIONS)]
    elsewhere = [r for r in monitor.regions if r not in here]
    alive = _hurry(monitor, elsewhere, began_at)
    if here:
        _run_here(monitor, here)
    _await_regions(monitor, alive, began_at)
    monitor.refresh_from_db()
    wanted = monitor.regions or [""]
    states = list(monitor.region_states.filter(region__in=wanted))
    waiting = _silent(monitor, elsewhere, began_at)
    return Run(monitor, states, waiting, baseline_ms(monitor, began_at))


def _check_runnable(monitor: Monitor) -> None:
    if monitor.kind == MonitorKind.HEARTBEAT:
        raise NothingToRun("A heartbeat is not checked: whatever it watches calls us.")
    if not is_probed(monitor):
        raise NothingToRun("The monitor has no address to call; give it one.", field="url")


def _hurry(monitor: Monitor, regions: Sequence[str], now: datetime) -> list[str]:
    """Have regions check at once; returns those in which somebody does."""
    rows = Round.objects.filter(schema=current_schema(), monitor_id=monitor.id, region__in=regions)
    alive = list(rows.filter(due_at__gt=now - OVERDUE).values_list("region", flat=True))
    rows.filter(region__in=alive).update(due_at=now)
    return alive


def _run_here(monitor: Monitor, regions: Sequence[str]) -> None:
    jobs = [job_of(monitor, region=region, schema=current_schema()) for region in regions]
    found = zip(jobs, checked([in_time(job) for job in jobs]), strict=True)
    # Running into our limit, not the monitor's own, says nothing about the monitor.
    said = [
        Result(job, finding)
        for job, finding in found
        if finding.error_code != "timeout" or job.timeout_s <= LONGEST_RUN_S
    ]
    if said:
        keep(said, place=settings.PROBE_REGIONS[0])


def in_time(job: Job) -> Job:
    """Return the same job, limited to the time somebody is willing to wait."""
    timeout_s = min(job.timeout_s, LONGEST_RUN_S)
    return replace(
        job, timeout_s=timeout_s, retries=min(job.retries, LONGEST_RUN_S // timeout_s - 1)
    )


def checked(jobs: Sequence[Job]) -> list[Finding]:
    """Check all at once, in a thread of its own, since this one may have an event loop already."""

    async def together() -> list[Finding]:
        return await asyncio.gather(*map(check, jobs))

    with ThreadPoolExecutor(1, thread_name_prefix="run") as thread:
        return thread.submit(lambda: asyncio.run(together())).result()


def _await_regions(monitor: Monitor, regions: Sequence[str], began_at: datetime) -> None:
    """Wait for what other regions' probers report, as long as somebody can be kept waiting."""
    ends = monotonic() + settings.RUN_WAIT_S
    while _silent(monitor, regions, began_at) and monotonic() < ends:
        sleep(LOOKS_EVERY_S)


def _silent(monitor: Monitor, regions: Sequence[str], began_at: datetime) -> list[str]:
    """Those of the regions that have not reported since."""
    fresh = monitor.region_states.filter(region__in=regions, checked_at__gt=began_at)
    answered = set(fresh.values_list("region", flat=True))
    return [region for region in regions if region not in answered]


def unstaffed(monitor: Monitor, now: datetime) -> list[str]:
    """Regions whose checks are overdue, since no prober takes them; "" is any region."""
    if not is_probed(monitor):
        return []
    rows = Round.objects.filter(schema=current_schema(), monitor_id=monitor.id)
    late = rows.filter(due_at__lte=now - OVERDUE).order_by("region")
    return list(late.values_list("region", flat=True))


def how_to_staff(regions: Sequence[str]) -> str:
    """Say what to do about regions without a prober; "" if there are none."""
    if not regions:
        return ""
    if regions == [""]:
        return "No prober takes its checks; start one: manage.py probe."
    names = ", ".join(region or "any region" for region in regions)
    command = f"manage.py probe --region {next(region for region in regions if region)}"
    return f"No prober has reported from {names}; start one there: {command}."


def baseline_ms(monitor: Monitor, before: datetime) -> int | None:
    """The middle latency of a day's good checks before a moment."""
    with connection.cursor() as cursor:
        since = before - timedelta(days=1)
        cursor.execute(BASELINE, [ulid_uuid(monitor.id), since, before])
        (found,) = cursor.fetchone() or (None,)
    return found
