"""TCP ports: whether something answers there, and what it says first."""

import asyncio
from time import monotonic

from atender.digits import whole_number
from atender.outbound.async_connecting import open_guarded
from atender.outbound.unreachable import Unreachable, telling
from monitors.kinds.jobs import Finding, Job, down, milliseconds, unreached, up

LONGEST_GREETING = 4_096
DEFAULT_PORT = 80


async def check(job: Job) -> Finding:
    host, port = place_of(job.url, DEFAULT_PORT)
    started = monotonic()
    expected = job.says("expect")
    try:
        with telling(host, total_s=job.timeout_s):
            async with asyncio.timeout(job.timeout_s):
                reader, writer = await open_guarded(host, port, timeout_s=job.timeout_s)
                try:
                    latency_ms = milliseconds(monotonic() - started)
                    said = await _greeting(reader, expected) if expected else ""
                finally:
                    writer.transport.abort()
    except Unreachable as error:
        return unreached(error)
    if expected and expected not in said:
        return down("keyword_missing", latency_ms)
    return up(latency_ms, limit_ms=job.says("latency_limit_ms"))


async def _greeting(reader: asyncio.StreamReader, expected: str) -> str:
    """What the server says, as far as it is needed; one that stays silent runs into the limit."""
    said = b""
    while expected.encode() not in said and len(said) < LONGEST_GREETING:
        piece = await reader.read(LONGEST_GREETING)
        if not piece:
            break
        said += piece
    return said.decode("utf-8", "replace")


def place_of(text: str, port: int) -> tuple[str, int]:
    """Part `host:port`; an IPv6 address with a port stands in brackets."""
    host, colon, tail = text.removeprefix("//").rpartition(":")
    said = whole_number(tail, digits=5)
    if not colon or (":" in host and not host.startswith("[")) or said is None:
        return text.removeprefix("//").strip("[]"), port
    return host.strip("[]"), said
