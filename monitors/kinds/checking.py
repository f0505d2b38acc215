"""One check, its retries included: bounded however the other side behaves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from django.conf import settings

from atender.outbound.private import private_targets
from atender.outbound.targets import PrivateAddress
from atender.refusals import Refused
from monitors.kinds import agent, dns, http, tcp, tls, upstream
from monitors.kinds.jobs import Finding, Job
from monitors.models.catalogue import MonitorKind, Verdict
from monitors.pace import pause_s

log = logging.getLogger(__name__)

CHECKS: dict[str, Callable[[Job], Awaitable[Finding]]] = {
    MonitorKind.HTTP: http.check,
    MonitorKind.AGENT: agent.check,
    MonitorKind.TCP: tcp.check,
    MonitorKind.DNS: dns.check,
    MonitorKind.TLS: tls.check,
    MonitorKind.UPSTREAM: upstream.check,
}
# Failures that may be over in a moment, and are retried before anybody is told.
TRANSIENT = frozenset(
    {"timeout", "connection", "connection_refused", "name", "dns_failed", "gold_prompt_failed"}
)


def is_transient(finding: Finding) -> bool:
    code = finding.error_code
    return finding.verdict != Verdict.UP and (code in TRANSIENT or code.startswith("http_5"))


async def check(job: Job) -> Finding:
    """Check once, and again as long as the failure is one that may pass."""
    finding = await _once(job)
    for tries in range(1, job.retries + 1):
        if not is_transient(finding):
            break
        await asyncio.sleep(pause_s(tries))
        finding = await _once(job)
    return finding


async def _once(job: Job) -> Finding:
    try:
        # Each kind keeps the limit itself; this catches what none of them thought of.
        async with asyncio.timeout(job.timeout_s + 1):
            with private_targets(allowed=job.schema in settings.PRIVATE_CHECKS_TENANTS):
                return await CHECKS[job.kind](job)
    except TimeoutError:
        return Finding(Verdict.DOWN, "timeout")
    except Refused as refusal:
        # Nothing was called: a vendor's state is unknown, and our own set-up has to be mended.
        is_vendors = job.kind == MonitorKind.UPSTREAM
        code = "private_target" if isinstance(refusal, PrivateAddress) else "address"
        return Finding(Verdict.UNKNOWN if is_vendors else Verdict.DOWN, code)
    except Exception:
        # One broken check must not end those of everybody else, nor page anybody.
        log.exception("the check of monitor %s broke", job.monitor_id)
        return Finding(Verdict.UNKNOWN, "broken")
