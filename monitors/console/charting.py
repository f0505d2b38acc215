"""The chart of a monitor's latency: from points to lines, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.models.catalogue import Verdict

WIDTH, HEIGHT = 720, 120
# Room above the highest point, and below the lowest for the marks of failures.
TOP, BOTTOM = 8, 14
STEPS = 96
SPANS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
NICE = (1, 2, 5)
# Longer pasts, from the hours' sums: so many days, in steps of whole hours.
LONG_DAYS = (8, 32, 384)
TWO_DAYS_H = 48


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was found within a step: the middle latency, and the worst verdict."""

    at: datetime
    median_ms: int | None
    checks: int
    worst: Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    width: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Chart:
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    highest_ms: int
    summary: str


def span_for(age: timedelta) -> timedelta:
    """The shortest span that shows all of a past, a day at most."""
    return next((span for span in SPANS if age <= span), SPANS[-1])


def draw(buckets: Sequence[Bucket], *, start: datetime, span: timedelta) -> Chart:
    """Lay out buckets, oldest first; a step without an answer interrupts the line."""
    step = span / STEPS
    highest = nice_above(max((b.median_ms or 0 for b in buckets), default=0))
    lines: list[list[str]] = []
    last_at: datetime | None = None
    for bucket in buckets:
        if bucket.median_ms is None:
            last_at = None
            continue
        if last_at is None or bucket.at - last_at > 4 * step:
            lines.append([])
        lines[-1].append(f"{_x(bucket.at, start, span):.1f},{_y(bucket.median_ms, highest):.1f}")
        last_at = bucket.at
    marks = tuple(
        Mark(round(_x(b.at, start, span), 1), WIDTH / STEPS, b.worst)
        for b in buckets
        if b.worst in (Verdict.DOWN, Verdict.DEGRADED)
    )
    return Chart(
        tuple(" ".join(line if len(line) > 1 else line * 2) for line in lines),
        marks,
        highest,
        summary(buckets, span),
    )


def summary(buckets: Sequence[Bucket], span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    length = "hour" if hours == 1 else f"{hours} hours"
    if hours > TWO_DAYS_H:
        length = f"{hours // 24} days"
    seen = [b.median_ms for b in buckets if b.median_ms is not None]
    if not buckets:
        return f"No check within the last {length}."
    said = f"Latency from {min(seen):,} to {max(seen):,} ms" if seen else "No answer"
    down = sum(b.worst == Verdict.DOWN for b in buckets)
    degraded = sum(b.worst == Verdict.DEGRADED for b in buckets)
    share = f"{down} of {len(buckets)} steps with a failure, {degraded} degraded"
    return f"{said} within the last {length}; {share}."


def nice_above(number: int) -> int:
    """The next of 10, 20, 50, 100, 200 … that is not below."""
    size = 10
    while True:
        for factor in NICE:
            if number <= factor * size:
                return factor * size
        size *= 10


def _x(at: datetime, start: datetime, span: timedelta) -> float:
    return max(0.0, (at - start) / span * WIDTH)


def _y(latency_ms: int, highest: int) -> float:
    return TOP + (1 - latency_ms / highest) * (HEIGHT - TOP - BOTTOM)
