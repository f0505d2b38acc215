"""What a check came to. Plain data."""

from dataclasses import dataclass
from datetime import datetime

from monitors.models.catalogue import Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found from a region, after its retries; `place` is where it was made."""

    verdict: Verdict
    at: datetime
    region: str = ""
    error_code: str = ""
    latency_ms: int | None = None
    place: str = ""
