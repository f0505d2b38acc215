"""A monitor's call as a command that a responder can paste; secrets are left out of it."""

import json
import shlex
from collections.abc import Iterator

from monitors.kinds.agent import endpoint, request_body
from monitors.kinds.jobs import Job
from monitors.kinds.upstream import address
from monitors.models.catalogue import MonitorKind

BEARER = '"Authorization: Bearer $TOKEN"'


def as_curl(job: Job) -> str:
    """Return the command, empty for what curl does not call. A secret becomes a variable."""
    match job.kind:
        case MonitorKind.AGENT:
            parts = ["curl -X POST", shlex.quote(endpoint(job.url)), *_agent(job)]
        case MonitorKind.HTTP:
            parts = [f"curl -i -X {job.says('method')}", shlex.quote(job.url), *_http(job)]
        case MonitorKind.UPSTREAM:
            parts = ["curl -s", shlex.quote(address(job.url))]
        case _:
            return ""
    first, second, *others = parts
    return " \\\n  ".join([f"{first} {second}", *others])


def _agent(job: Job) -> Iterator[str]:
    if job.says("token"):
        yield f"-H {BEARER}"
    yield "-H 'Content-Type: application/json'"
    yield from _headers(job)
    yield f"-d {shlex.quote(json.dumps(request_body(job), ensure_ascii=False))}"


def _http(job: Job) -> Iterator[str]:
    yield f"--max-time {job.timeout_s}"
    if job.says("redirects") and job.says("method") in ("GET", "HEAD"):
        yield f"-L --max-redirs {job.says('redirects')}"
    yield from _headers(job)
    if body := job.says("body"):
        yield f"--data-raw {shlex.quote(body)}"


def _headers(job: Job) -> Iterator[str]:
    """Each header's value becomes a variable of its name, since it may be a secret."""
    for name in job.says("headers") or {}:
        variable = "".join(c if c.isalnum() else "_" for c in name.upper())
        yield f'-H "{name}: ${variable}"'
