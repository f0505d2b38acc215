"""Decides whether the prober itself still sees the network. Has no clock and no connection.

A server that does not answer is down. When several on different hosts fall silent and nothing else
is reached any more, we are the ones cut off, and nothing is known about them.
"""

import ipaddress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

from monitors.kinds.jobs import Finding, Job
from monitors.kinds.tcp import place_of
from monitors.models.catalogue import Verdict

# Errors that look the same whether they or we are cut off. A refusal is an answer.
SILENT = frozenset({"timeout", "name", "connection", "dns_failed"})
HOSTS_THAT_SAY_SO = 3
# How long a silence may wait for others to show whose it is.
PATIENCE_S = 5.0


class Belief(Enum):
    BELIEVED = "believed"
    UNKNOWN = "unknown"
    WAITS = "waits"


@dataclass(slots=True)
class Horizon:
    reached_at: float = float("-inf")
    silent: dict[str, float] = field(default_factory=dict)

    def saw(self, job: Job, finding: Finding, *, at: float) -> None:
        """Take in the result of a check that ended at this monotonic time."""
        host = host_of(job)
        if is_local(host):
            return
        if is_silence(finding):
            self.silent[host] = at
        elif finding.error_code != "broken":
            self.reached_at = max(self.reached_at, at)
            self.silent.clear()

    def believes(
        self, job: Job, finding: Finding, *, began_at: float, ended_at: float, now: float
    ) -> Belief:
        """Whether a finding may be reported as it is."""
        if not is_silence(finding) or is_local(host_of(job)) or self.reached_at >= began_at:
            return Belief.BELIEVED
        if len(self.silent) >= HOSTS_THAT_SAY_SO:
            return Belief.UNKNOWN
        return Belief.BELIEVED if now - ended_at >= PATIENCE_S else Belief.WAITS


def is_silence(finding: Finding) -> bool:
    return finding.verdict != Verdict.UP and finding.error_code in SILENT


def host_of(job: Job) -> str:
    if "://" in job.url:
        return urlsplit(job.url).hostname or ""
    return place_of(job.url, 0)[0].lower()


def is_local(host: str) -> bool:
    """Whether it is on this machine, which says nothing of the network."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
