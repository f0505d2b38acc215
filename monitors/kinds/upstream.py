"""A vendor's own status page, read through its public JSON API v2."""

import json
from typing import Any

from atender.outbound.async_web import send
from atender.outbound.unreachable import Unreachable
from atender.outbound.web import WebLimits
from monitors.kinds.jobs import Finding, Job, degraded, down, milliseconds, unreached, up
from monitors.models.catalogue import Verdict

SUMMARY = "/api/v2/summary.json"
LONGEST_BODY = 5_000_000
# What a component's status, or a page's indicator, says of those who depend on it.
MEANINGS = {
    "operational": Verdict.UP,
    "degraded_performance": Verdict.DEGRADED,
    "partial_outage": Verdict.DEGRADED,
    "major_outage": Verdict.DOWN,
    "under_maintenance": Verdict.DEGRADED,
    "none": Verdict.UP,
    "minor": Verdict.DEGRADED,
    "major": Verdict.DOWN,
    "critical": Verdict.DOWN,
    "maintenance": Verdict.DEGRADED,
}


async def check(job: Job) -> Finding:
    limits = WebLimits(
        connect_s=job.timeout_s, total_s=job.timeout_s, body_bytes=LONGEST_BODY, redirects=3
    )
    try:
        answer = await send("GET", address(job.url), limits=limits)
    except Unreachable as error:
        return _not_read(unreached(error))
    latency_ms = milliseconds(answer.elapsed_s)
    if not answer.is_success:
        return _not_read(down(f"http_{answer.status}", latency_ms))
    said = status_in(answer.body, job.says("component"))
    if said is None:
        return Finding(Verdict.UNKNOWN, "schema_mismatch", latency_ms)
    match MEANINGS[said]:
        case Verdict.UP:
            return up(latency_ms)
        case Verdict.DEGRADED:
            return degraded(f"upstream_{said}", latency_ms)
        case _:
            return down(f"upstream_{said}", latency_ms)


def _not_read(finding: Finding) -> Finding:
    """A vendor's page that cannot be read says nothing about the vendor: unknown."""
    return Finding(Verdict.UNKNOWN, finding.error_code, finding.latency_ms)


def address(url: str) -> str:
    return url if url.endswith(".json") else url.rstrip("/") + SUMMARY


def status_in(body: bytes, component: str | None) -> str | None:
    """The status of a component, by name or id, or the page's; None where it is not said."""
    try:
        document = json.loads(body)
        said = _said(document, component) if component else document["status"]["indicator"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return said if said in MEANINGS else None


def _said(document: Any, component: str) -> str | None:
    wanted = component.casefold()
    for one in document["components"]:
        if wanted in (str(one["id"]).casefold(), str(one["name"]).casefold()):
            return str(one["status"])
    return None
