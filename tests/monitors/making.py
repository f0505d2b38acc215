"""Outcomes and moments for tests of monitors."""

from datetime import UTC, datetime, timedelta

from monitors.models import Verdict
from monitors.outcomes import Outcome

NOON = datetime(2026, 4, 24, 12, tzinfo=UTC)
UP, DEGRADED, DOWN, UNKNOWN = Verdict.UP, Verdict.DEGRADED, Verdict.DOWN, Verdict.UNKNOWN


def after(seconds: float = 0, *, minutes: float = 0) -> datetime:
    return NOON + timedelta(seconds=seconds, minutes=minutes)


def outcome(
    verdict: Verdict = UP,
    error_code: str = "",
    *,
    region: str = "",
    at: datetime = NOON,
    latency_ms: int | None = 120,
) -> Outcome:
    return Outcome(verdict, at, region, error_code, latency_ms, region or "local")
