"""How long things may take: pure arithmetic over what a monitor says of itself."""

from typing import Protocol

# Between two tries of a check, growing with each.
PAUSE_S = 0.5
# For finding work, recording it, and whatever else a busy prober does meanwhile.
SLACK_S = 15


class Paced(Protocol):
    timeout_s: int
    retries: int


def pause_s(tries: int) -> float:
    """Seconds to wait after so many tries."""
    return PAUSE_S * tries


def lease_s(monitor: Paced) -> int:
    """Seconds after which a check that was begun counts as left behind, all retries included."""
    pauses = PAUSE_S * monitor.retries * (monitor.retries + 1) / 2
    return int(monitor.timeout_s * (monitor.retries + 1) + pauses) + SLACK_S
