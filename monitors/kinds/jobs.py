"""What to check, and what was found: plain data, the same for local and remote probers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atender.outbound.unreachable import Reason, Unreachable
from monitors.configs import KEYS
from monitors.models.catalogue import Verdict

CODES = {
    Reason.NAME: "name",
    Reason.PRIVATE: "private_target",
    Reason.CONNECTION: "connection",
    Reason.TLS: "tls",
    Reason.TIMEOUT: "timeout",
    Reason.PROTOCOL: "protocol",
    Reason.TOO_LARGE: "too_large",
    Reason.REDIRECTS: "redirects",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A check to be made. `config` holds the secrets too, so a job is never logged."""

    monitor_id: str
    kind: str
    url: str
    timeout_s: int = 10
    retries: int = 2
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    # Empty: any region. `schema` is empty far from the database.
    region: str = ""
    schema: str = ""
    interval_s: int = 60

    def says(self, name: str) -> Any:
        """A part of the configuration, or what holds without it."""
        return self.config.get(name, KEYS[self.kind][name].default)


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    error_code: str = ""
    latency_ms: int | None = None


def up(latency_ms: int, *, limit_ms: int | None = None) -> Finding:
    """Up, or degraded where it took longer than its limit."""
    if limit_ms is not None and latency_ms > limit_ms:
        return Finding(Verdict.DEGRADED, "slow", latency_ms)
    return Finding(Verdict.UP, "", latency_ms)


def degraded(error_code: str, latency_ms: int | None = None) -> Finding:
    return Finding(Verdict.DEGRADED, error_code, latency_ms)


def down(error_code: str, latency_ms: int | None = None) -> Finding:
    return Finding(Verdict.DOWN, error_code, latency_ms)


def unreached(error: Unreachable) -> Finding:
    code = CODES[error.reason]
    if isinstance(error.__cause__, ConnectionRefusedError):
        code = "connection_refused"
    return down(code)


def milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))
