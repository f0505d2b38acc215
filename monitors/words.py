"""How monitors are spoken of in the console."""

from django.utils import timezone
from django.utils.safestring import SafeString

from atender.console.signs import tag
from atender.console.times import clock_second
from monitors.models import Monitor, Verdict
from monitors.verdicts.causes import spoken
from monitors.verdicts.judging import told_at_earliest
from monitors.verdicts.settling import memory_of

VERDICT_LOOK = {
    Verdict.UP: ("ok", "●"),
    Verdict.DEGRADED: ("degraded", "◐"),
    Verdict.DOWN: ("major", "✕"),
    Verdict.UNKNOWN: ("none", "○"),
}


def verdict_tag(verdict: str) -> SafeString:
    """Icon, word and colour, always all three."""
    known = Verdict(verdict)
    return tag(known.label, *VERDICT_LOOK[known])


def held_words(monitor: Monitor) -> str:
    """Say until when its verdict is held and why; empty where it is not."""
    if monitor.held_since is None:
        return ""
    found_since, flips = clock_second(monitor.held_since), len(monitor.flipped_at)
    return (
        f"Held {monitor.verdict} until {held_until(monitor)}: it is found {monitor.held_verdict} "
        f"since {found_since}, but its verdict changed {flips} times within an hour, so this has "
        "to last first."
    )


def held_until(monitor: Monitor) -> str:
    told_at = told_at_earliest(memory_of(monitor))
    is_ahead = told_at is not None and told_at > timezone.now()
    return f"{clock_second(told_at)} at the earliest" if told_at and is_ahead else "its next check"


def in_words(error_code: str) -> str:
    said = spoken(error_code) if error_code else ""
    return said[:1].upper() + said[1:]


def ms(latency: int | None) -> str:
    return "–" if latency is None else f"{latency:,} ms"
