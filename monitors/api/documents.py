"""A monitor as the API tells it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from atender.tenants.links import console_url
from monitors.api.extra import read_extra
from monitors.api.runbooks import texts_of
from monitors.configs import joined, masked
from monitors.models import Monitor, RegionState, Verdict
from monitors.verdicts.judging import told_at_earliest
from monitors.verdicts.settling import memory_of

SAME = ("id", "name", "kind", "url", "interval_s", "timeout_s", "retries", "quorum")


def monitor_document(monitor: Monitor) -> dict[str, Any]:
    (document,) = monitor_documents([monitor])
    return document


def monitor_documents(monitors: Sequence[Monitor]) -> list[dict[str, Any]]:
    """Build the documents of monitors; a constant number of queries, however many there are."""
    runbooks, states = texts_of(monitors), _states_of(monitors)
    # One query, and only if there is a heartbeat among them.
    base = console_url() if any(monitor.heartbeat_token for monitor in monitors) else ""
    return [
        {
            **{name: getattr(monitor, name) for name in SAME},
            "regions": region_documents(monitor, states[monitor.id]),
            "config": masked(joined(monitor.config, monitor.secrets)),
            "heartbeat_url": _heartbeat_url(base, monitor),
            "verdict": monitor.verdict,
            "since": monitor.verdict_since,
            **held_document(monitor),
            "error_code": monitor.error_code or None,
            "latency_ms": monitor.latency_ms,
            "checked_at": monitor.checked_at,
            "likely_cause": monitor.cause or None,
            "service_id": monitor.service_id,
            "runbook": runbooks[monitor.id],
            "created_at": monitor.created_at,
            **extra,
        }
        for monitor, extra in zip(monitors, read_extra(monitors), strict=True)
    ]


def held_document(monitor: Monitor) -> dict[str, Any]:
    """What is found instead of its verdict, if that is held because it flips so often."""
    return {
        "held_verdict": monitor.held_verdict or None,
        "held_since": monitor.held_since,
        "held_until": told_at_earliest(memory_of(monitor)),
    }


def _states_of(monitors: Sequence[Monitor]) -> dict[str, list[RegionState]]:
    states: dict[str, list[RegionState]] = defaultdict(list)
    for state in RegionState.objects.filter(monitor__in=[m.pk for m in monitors]):
        states[state.monitor_id].append(state)
    return states


def region_documents(monitor: Monitor, states: Sequence[RegionState]) -> list[dict[str, Any]]:
    """What each region found last; one that has not checked yet knows nothing."""
    found = {state.region: state for state in states}
    named = monitor.regions or list(found)
    return [_region(region, found.get(region)) for region in named]


def _region(region: str, state: RegionState | None) -> dict[str, Any]:
    return {
        "region": region or (state.place if state else ""),
        "verdict": state.verdict if state else Verdict.UNKNOWN,
        "error_code": (state.error_code or None) if state else None,
        "latency_ms": state.latency_ms if state else None,
        "checked_at": state.checked_at if state else None,
    }


def _heartbeat_url(base: str, monitor: Monitor) -> str | None:
    token = monitor.heartbeat_token
    return f"{base}/api/v1/heartbeat/{token}" if token else None
