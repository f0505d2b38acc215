"""Web addresses: status, words, a place in a JSON answer, latency."""

import json
from typing import Any

from atender.outbound.async_web import send
from atender.outbound.unreachable import Unreachable
from atender.outbound.web import Answer, WebLimits
from monitors.configs.statuses import is_expected
from monitors.kinds.jobs import Finding, Job, down, milliseconds, unreached, up
from monitors.kinds.json_places import NOTHING, find

LONGEST_BODY = 1_000_000


async def check(job: Job) -> Finding:
    limits = WebLimits(
        connect_s=job.timeout_s,
        total_s=job.timeout_s,
        body_bytes=LONGEST_BODY,
        cuts_body=True,
        redirects=job.says("redirects"),
    )
    try:
        answer = await send(
            job.says("method"),
            job.url,
            limits=limits,
            headers=job.says("headers") or {},
            body=(job.says("body") or "").encode(),
        )
    except Unreachable as error:
        return unreached(error)
    latency_ms = milliseconds(answer.elapsed_s)
    wrong = what_is_wrong(job, answer)
    return (
        down(wrong, latency_ms) if wrong else up(latency_ms, limit_ms=job.says("latency_limit_ms"))
    )


def what_is_wrong(job: Job, answer: Answer) -> str:
    """Return the error code of an answer, empty if it is as expected."""
    if not is_expected(answer.status, job.says("expected_status")):
        return f"http_{answer.status}"
    keyword = job.says("keyword")
    if keyword and keyword not in answer.text:
        return "keyword_missing"
    path = job.says("json_path")
    return "json_mismatch" if path and not _holds(answer, path, job.says("json_value")) else ""


def _holds(answer: Answer, path: str, wanted: str | None) -> bool:
    try:
        found = find(json.loads(answer.body), path)
    except (ValueError, RecursionError):
        return False
    return found is not NOTHING and (wanted is None or _as_text(found) == wanted)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
