"""Records what probers found in batches: a few statements, however many checks there were."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from atender.ids import ulid_uuid
from monitors.models import Check, Monitor, RegionState
from monitors.outcomes import Outcome
from monitors.verdicts.settling import announce, is_calm, keep_settled, keep_states, settle_held

log = logging.getLogger(__name__)

STILL = """
UPDATE monitors_monitor m SET latency_ms = v.latency_ms, checked_at = v.checked_at
FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS v(id, latency_ms, checked_at)
WHERE m.id = v.id
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a check of a monitor found; the region is empty where the monitor names none."""

    monitor_id: str
    outcome: Outcome


def record(found: Sequence[Recorded]) -> int:
    """Keep what was found in the present tenant and settle verdicts; returns how many were kept.

    Checks and states are stored first, on their own: a listener that refuses a flip loses none of
    them, and the monitor's next check settles it again.
    """
    with transaction.atomic():
        monitors = _held({one.monitor_id for one in found})
        known = [one for one in found if one.monitor_id in monitors]
        _keep_checks(known)
        keep_states([(one.monitor_id, one.outcome) for one in known])
        moved = _keep_still(known, monitors)
    if moved:
        _settle(moved)
    return len(known)


def _held(ids: Iterable[str]) -> dict[str, Monitor]:
    """Lock the monitors, lowest id first, so that two probers never wait in a circle."""
    rows = Monitor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    return {monitor.id: monitor for monitor in rows.order_by("id")}


def _keep_checks(found: Iterable[Recorded]) -> None:
    Check.objects.bulk_create(
        Check(
            monitor_id=one.monitor_id,
            region=one.outcome.place or one.outcome.region,
            verdict=one.outcome.verdict,
            error_code=one.outcome.error_code,
            latency_ms=one.outcome.latency_ms,
            checked_at=one.outcome.at,
        )
        for one in found
    )


def _keep_still(found: Iterable[Recorded], monitors: dict[str, Monitor]) -> dict[str, datetime]:
    """Note latency and time of checks that change nothing else; returns the others, and when."""
    latest: dict[str, datetime] = {}
    for one in found:
        at = one.outcome.at
        latest[one.monitor_id] = max(latest.get(one.monitor_id, at), at)
    states = _states_of(latest)
    still = []
    for monitor_id, at in list(latest.items()):
        monitor = monitors[monitor_id]
        calm = is_calm(monitor, states[monitor_id], at=at)
        if calm is not None:
            still.append((monitor.id, calm, max(at, monitor.checked_at or at)))
            del latest[monitor_id]
    if still:
        ids, latencies, moments = zip(*still, strict=True)
        with connection.cursor() as cursor:
            keys = [ulid_uuid(pk) for pk in ids]
            numbers = [latency if latency >= 0 else None for latency in latencies]
            cursor.execute(STILL, [keys, numbers, list(moments)])
    return latest


def _states_of(ids: Iterable[str]) -> dict[str, list[RegionState]]:
    states: dict[str, list[RegionState]] = defaultdict(list)
    for state in RegionState.objects.filter(monitor__in=list(ids)):
        states[state.monitor_id].append(state)
    return states


def _settle(moved: dict[str, datetime]) -> None:
    """Settle all together; where a listener refuses, one by one, so that it stops no other."""
    try:
        _settle_at_once(moved)
    except Exception:
        log.exception("a flip was refused; the %d are settled one by one", len(moved))
        for monitor_id, at in sorted(moved.items()):
            try:
                _settle_at_once({monitor_id: at})
            except Exception:
                log.exception("the flip of monitor %s was refused; its next check", monitor_id)


@transaction.atomic
def _settle_at_once(moved: dict[str, datetime]) -> None:
    monitors, states = _held(moved), _states_of(moved)
    flips = [
        (monitor, flip)
        for monitor in monitors.values()
        if (flip := settle_held(monitor, states[monitor.id], at=moved[monitor.id]))
    ]
    keep_settled(monitors.values())
    announce(flips)
