"""A drill's clock. It stops when nobody has looked for half a minute. Pure."""

from datetime import datetime, timedelta
from typing import Protocol

LEFT_AFTER = timedelta(seconds=30)


class Ticking(Protocol):
    clock_s: float
    going_since: datetime | None
    seen_at: datetime


def is_left(drill: Ticking, now: datetime) -> bool:
    """Whether whoever ran it is gone: a closed browser, a killed server."""
    return drill.going_since is not None and now - drill.seen_at > LEFT_AFTER


def elapsed_s(drill: Ticking, now: datetime) -> float:
    """Seconds by the drill's clock; of one that was left, up to the last look."""
    if drill.going_since is None:
        return drill.clock_s
    until = drill.seen_at if is_left(drill, now) else now
    return drill.clock_s + max((until - drill.going_since).total_seconds(), 0)
