"""TLS certificates: whether they can be trusted, and for how long still."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from time import monotonic

from atender.outbound.async_connecting import open_guarded
from atender.outbound.unreachable import Unreachable, telling
from atender.outbound.web import trusting_the_public
from monitors.kinds.jobs import Finding, Job, degraded, down, milliseconds, unreached, up
from monitors.kinds.tcp import place_of

EXPIRED = 10
HTTPS = 443


async def check(job: Job, *, tls: ssl.SSLContext | None = None) -> Finding:
    host, port = place_of(job.url, HTTPS)
    started = monotonic()
    try:
        with telling(host, total_s=job.timeout_s):
            async with asyncio.timeout(job.timeout_s):
                _, writer = await open_guarded(host, port, timeout_s=job.timeout_s)
                try:
                    await writer.start_tls(tls or trusting_the_public(), server_hostname=host)
                    certificate = writer.get_extra_info("ssl_object").getpeercert()
                finally:
                    writer.transport.abort()
    except Unreachable as error:
        return down("certificate_expired") if _is_expired(error) else unreached(error)
    left = expiry_of(certificate) - datetime.now(UTC)
    latency_ms = milliseconds(monotonic() - started)
    if left < timedelta(days=job.says("days")):
        return degraded("certificate_expires", latency_ms)
    return up(latency_ms)


def expiry_of(certificate: dict[str, object]) -> datetime:
    seconds = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return datetime.fromtimestamp(seconds, UTC)


def _is_expired(error: Unreachable) -> bool:
    cause = error.__cause__
    return isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code == EXPIRED
