"""HTTP as in `web`, for hundreds of calls at once: guarded, timed and bounded alike."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from time import monotonic

import httpcore2
import httpx2

from atender.outbound.async_connecting import GuardedAsyncBackend
from atender.outbound.targets import check_url
from atender.outbound.unreachable import Reason, Unreachable, telling
from atender.outbound.web import (
    Answer,
    WebLimits,
    checked_headers,
    fit_for,
    following_of,
    request_of,
    trusting_the_public,
)


async def send(
    method: str,
    url: str,
    *,
    limits: WebLimits,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Send over a connection of its own and return the answer.

    Raises Unreachable, and Refused for a bad URL or header.
    """
    target, own = check_url(url), checked_headers(headers or {})
    started = monotonic()
    with telling(target.host, total_s=limits.total_s):
        async with asyncio.timeout(limits.total_s):
            for _ in range(limits.redirects + 1):
                answer = await _exchange(method, target, own, body, limits, tls, started)
                following = following_of(answer, target) if limits.redirects else None
                if following is None or method not in ("GET", "HEAD"):
                    return answer
                own = fit_for(following, target, own)
                target = following
    raise Unreachable(
        Reason.REDIRECTS, f"'{target.host}' sends from one address to the next without end."
    )


async def _exchange(
    method: str,
    target: httpx2.URL,
    headers: Mapping[str, str],
    body: bytes,
    limits: WebLimits,
    tls: ssl.SSLContext | None,
    started: float,
) -> Answer:
    backend = GuardedAsyncBackend(connect_s=min(limits.connect_s, limits.total_s))
    async with httpcore2.AsyncConnectionPool(
        ssl_context=tls or trusting_the_public(), max_connections=1, network_backend=backend
    ) as pool:
        response = await pool.handle_async_request(request_of(method, target, headers, body))
        try:
            decoded = httpx2.Response(
                response.status, headers=response.headers, stream=_Body(response)
            )
            content, is_cut = await _read(decoded, limits.body_bytes)
        finally:
            await response.aclose()
    if is_cut and not limits.cuts_body:
        raise Unreachable(
            Reason.TOO_LARGE,
            f"The answer of '{target.host}' is longer than {limits.body_bytes / 1_000_000:g} MB.",
        )
    elapsed_s = monotonic() - started
    return Answer(response.status, decoded.headers, content, str(target), elapsed_s, is_cut=is_cut)


class _Body(httpx2.AsyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk


async def _read(response: httpx2.Response, longest: int) -> tuple[bytes, bool]:
    """Return at most `longest` decoded bytes, and whether there were more."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > longest:
            return bytes(body[:longest]), True
    return bytes(body), False
