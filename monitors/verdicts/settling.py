"""Settles verdicts from what checks found; nothing else writes them."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from atender.ids import ulid_uuid
from monitors.models import Monitor, MonitorKind, RegionState, Verdict
from monitors.outcomes import Outcome
from monitors.pace import lease_s
from monitors.signals import Flip, verdicts_changed
from monitors.verdicts.causes import likely_cause
from monitors.verdicts.judging import Damping, Judgement, damped, is_fresh, judge


@transaction.atomic
def settle(monitor: Monitor, *, outcome: Outcome, at: datetime | None = None) -> Flip | None:
    """Take in what a check found; returns the flip that it confirmed, if any.

    `at` is when it was found unless the outcome's own time is meant. The signal `verdicts_changed`
    is sent last. A monitor that was deleted meanwhile stays as it was.
    """
    at = at or outcome.at
    held = (
        Monitor.objects.select_for_update(of=("self",), no_key=True).filter(pk=monitor.pk).first()
    )
    if held is None:
        return None
    keep_states([(held.id, outcome)])
    flip = settle_held(held, held.region_states.all(), at=at)
    keep_settled([held])
    announce([(held, flip)] if flip else [])
    for field in SETTLED:
        setattr(monitor, field, getattr(held, field))
    return flip


SETTLED = (
    "verdict",
    "verdict_since",
    "error_code",
    "cause",
    "latency_ms",
    "checked_at",
    "flipped_at",
    "held_verdict",
    "held_since",
)


def settle_held(monitor: Monitor, states: Iterable[RegionState], *, at: datetime) -> Flip | None:
    """Bring a locked monitor up to its regions' states; the caller keeps and announces it."""
    outcomes = current_outcomes(monitor, states, at=at)
    found = judge(outcomes, quorum=monitor.quorum, regions=len(monitor.regions) or 1)
    before = Verdict(monitor.verdict)
    is_believed, memory = damped(before, found.verdict, memory_of(monitor), at=at)
    monitor.flipped_at = list(memory.flipped_at)
    monitor.held_verdict, monitor.held_since = memory.held or "", memory.held_since
    monitor.latency_ms = found.latency_ms
    monitor.checked_at = max((o.at for o in outcomes), default=monitor.checked_at)
    if is_believed or found.verdict == before:
        monitor.verdict = found.verdict
        monitor.error_code = found.error_code
        monitor.cause = cause_of(found, outcomes)
    if is_believed:
        monitor.verdict_since = at
    if not is_believed:
        return None
    return Flip(before, found.verdict, at, found.error_code, monitor.cause, tuple(outcomes))


KEEP_SETTLED = f"""
UPDATE monitors_monitor m SET {", ".join(f"{field} = v.{field}" for field in SETTLED)}
FROM jsonb_to_recordset(%s::jsonb) AS v(
    id uuid, verdict text, verdict_since timestamptz, error_code text, cause text, latency_ms int,
    checked_at timestamptz, flipped_at timestamptz[], held_verdict text, held_since timestamptz)
WHERE m.id = v.id
"""  # noqa: S608 - a constant


def keep_settled(monitors: Iterable[Monitor]) -> None:
    """Save what was settled, in one statement."""
    rows = [
        {"id": ulid_uuid(monitor.id), **{field: getattr(monitor, field) for field in SETTLED}}
        for monitor in monitors
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(KEEP_SETTLED, [json.dumps(rows, default=str)])


def announce(flips: Sequence[tuple[Monitor, Flip]]) -> None:
    if flips:
        in_order = sorted(flips, key=lambda turned: turned[1].at)
        verdicts_changed.send(Monitor, flips=in_order)


def current_outcomes(
    monitor: Monitor, states: Iterable[RegionState], *, at: datetime
) -> list[Outcome]:
    """Return the fresh outcomes of the monitor's present regions."""
    wanted = set(monitor.regions or [""])
    said = [outcome_of(state) for state in states if state.region in wanted]
    limits = {"interval_s": monitor.interval_s, "lease_s": lease_s(monitor)}
    return [
        o for o in said if monitor.kind == MonitorKind.HEARTBEAT or is_fresh(o, now=at, **limits)
    ]


def outcome_of(state: RegionState) -> Outcome:
    return Outcome(
        Verdict(state.verdict),
        state.checked_at,
        region=state.region,
        error_code=state.error_code,
        latency_ms=state.latency_ms,
        place=state.place,
    )


def cause_of(found: Judgement, outcomes: list[Outcome]) -> str:
    if found.verdict in (Verdict.UP, Verdict.UNKNOWN):
        return ""
    return likely_cause(outcomes).sentence[:500]


def is_calm(monitor: Monitor, states: Iterable[RegionState], *, at: datetime) -> int | None:
    """Return the latency, -1 where there is none, if nothing else would change; otherwise None."""
    outcomes = current_outcomes(monitor, states, at=at)
    found = judge(outcomes, quorum=monitor.quorum, regions=len(monitor.regions) or 1)
    same = found.verdict == monitor.verdict and found.error_code == monitor.error_code
    if not same or monitor.held_verdict:
        return None
    if monitor.cause and monitor.cause != cause_of(found, outcomes):
        return None
    return -1 if found.latency_ms is None else found.latency_ms


KEEP = """
INSERT INTO monitors_regionstate AS kept
    (monitor_id, region, place, verdict, since, error_code, latency_ms, checked_at)
SELECT DISTINCT ON (v.monitor_id, v.region) v.monitor_id, v.region, v.place, v.verdict,
    v.checked_at, v.error_code, v.latency_ms, v.checked_at
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[],
            %s::timestamptz[])
    AS v(monitor_id, region, place, verdict, error_code, latency_ms, checked_at)
ORDER BY v.monitor_id, v.region, v.checked_at DESC
ON CONFLICT (monitor_id, region) DO UPDATE SET
    place = excluded.place, verdict = excluded.verdict, error_code = excluded.error_code,
    latency_ms = excluded.latency_ms, checked_at = excluded.checked_at,
    since = CASE WHEN kept.verdict = excluded.verdict THEN kept.since ELSE excluded.since END
WHERE kept.checked_at <= excluded.checked_at
"""


def keep_states(found: Sequence[tuple[str, Outcome]]) -> None:
    """Write down what regions found last; an older outcome never replaces a newer one."""
    if not found:
        return
    rows = [
        (
            ulid_uuid(monitor_id),
            outcome.region,
            outcome.place or outcome.region,
            str(outcome.verdict),
            outcome.error_code,
            outcome.latency_ms,
            outcome.at,
        )
        for monitor_id, outcome in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [list(column) for column in zip(*rows, strict=True)])


def memory_of(monitor: Monitor) -> Damping:
    """Return the flips that its last check left it with."""
    held = Verdict(monitor.held_verdict) if monitor.held_verdict else None
    return Damping(tuple(monitor.flipped_at), held, monitor.held_since)
