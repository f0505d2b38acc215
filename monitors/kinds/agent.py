"""AI agents: an OpenAI-compatible chat endpoint is asked a question whose answer is known."""

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from atender.outbound.async_web import send
from atender.outbound.unreachable import Unreachable
from atender.outbound.web import WebLimits
from monitors.kinds.jobs import Finding, Job, degraded, down, milliseconds, unreached, up

ENDPOINT = "/chat/completions"
LONGEST_ANSWER = 1_000_000
# How much of an answer is compared: the cost is quadratic.
LONGEST_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    tokens: int | None


async def check(job: Job) -> Finding:
    limits = WebLimits(
        connect_s=job.timeout_s, total_s=job.timeout_s, body_bytes=LONGEST_ANSWER, cuts_body=True
    )
    headers = {**(job.says("headers") or {}), "content-type": "application/json"}
    if token := job.says("token"):
        headers["authorization"] = f"Bearer {token}"
    body = json.dumps(request_body(job)).encode()
    try:
        answer = await send("POST", endpoint(job.url), limits=limits, headers=headers, body=body)
    except Unreachable as error:
        return unreached(error)
    latency_ms = milliseconds(answer.elapsed_s)
    if not answer.is_success:
        return down(f"http_{answer.status}", latency_ms)
    reply = read_reply(answer.body)
    if reply is None:
        return degraded("schema_mismatch", latency_ms)
    if not is_as_expected(job, reply.text):
        return degraded("gold_prompt_failed", latency_ms)
    most = job.says("max_tokens")
    if most is not None and reply.tokens is not None and reply.tokens > most:
        return degraded("too_many_tokens", latency_ms)
    return up(latency_ms, limit_ms=job.says("latency_limit_ms"))


def endpoint(url: str) -> str:
    """The address as it is, or, where a base address such as https://host/v1 is given, below it."""
    path = url.partition("?")[0].rstrip("/")
    return f"{path}{ENDPOINT}" if re.search(r"/v\d+$", path) else url


def request_body(job: Job) -> dict[str, Any]:
    """The body, shaped as the documented call: without a model where none is named."""
    system = job.says("system")
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": job.says("prompt")})
    body: dict[str, Any] = {"messages": messages}
    if model := job.says("model"):
        body["model"] = model
    return body


def read_reply(body: bytes) -> Reply | None:
    """Read a chat completion; None if it does not look like one."""
    try:
        document = json.loads(body)
        content = document["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    if isinstance(content, list):
        content = "".join(str(p.get("text", "")) for p in content if isinstance(p, dict))
    if not isinstance(content, str) or not content.strip():
        return None
    usage = document.get("usage")
    tokens = usage.get("completion_tokens") if isinstance(usage, dict) else None
    return Reply(content, tokens if isinstance(tokens, int) else None)


def is_as_expected(job: Job, text: str) -> bool:
    """Compare an answer with the known one; case and spacing do not matter."""
    expected = job.says("expected")
    if not expected:
        return True
    match job.says("match"):
        case "regex":
            return _found(expected, text)
        case "similarity":
            return similarity(expected, text) >= float(job.says("similarity"))
        case _:
            return _folded(expected) in _folded(text)


def _found(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text[:LONGEST_COMPARED], re.IGNORECASE) is not None
    except re.error:
        return False


def similarity(expected: str, text: str) -> float:
    """How alike two texts are by their words, from 0 to 1: order counts, length too."""
    wanted, said = (_folded(t)[:LONGEST_COMPARED].split() for t in (expected, text))
    return SequenceMatcher(None, wanted, said, autojunk=False).ratio()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
