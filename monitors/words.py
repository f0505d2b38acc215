"""How monitors are spoken of in the console."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from monitors.models import Verdict
from monitors.verdicts.causes import spoken

SHOWN = {
    Verdict.UP: ("●", "ok"),
    Verdict.DEGRADED: ("◐", "degraded"),
    Verdict.DOWN: ("✕", "major"),
    Verdict.UNKNOWN: ("○", "none"),
}


def verdict_tag(verdict: str) -> SafeString:
    """Icon, word and colour, always all three."""
    icon, tone = SHOWN[Verdict(verdict)]
    return format_html(
        '<span class="tag {}"><span aria-hidden="true">{}</span> {}</span>',
        tone,
        icon,
        Verdict(verdict).label,
    )


def in_words(error_code: str) -> str:
    said = spoken(error_code) if error_code else ""
    return said[:1].upper() + said[1:]


def ms(latency: int | None) -> str:
    return "–" if latency is None else f"{latency:,} ms"
