"""How monitors are spoken of in the console."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from monitors.models import Verdict
from monitors.verdicts.causes import spoken

register = template.Library()

SHOWN = {
    Verdict.UP: ("●", "ok"),
    Verdict.DEGRADED: ("◐", "degraded"),
    Verdict.DOWN: ("✕", "major"),
    Verdict.UNKNOWN: ("○", "none"),
}


@register.filter
def verdict_tag(verdict: str) -> SafeString:
    """Icon, word and colour, always all three."""
    icon, tone = SHOWN[Verdict(verdict)]
    return format_html(
        '<span class="tag {}"><span aria-hidden="true">{}</span> {}</span>',
        tone,
        icon,
        Verdict(verdict).label,
    )


@register.filter
def in_words(error_code: str) -> str:
    said = spoken(error_code) if error_code else ""
    return said[:1].upper() + said[1:]


@register.filter
def ms(latency: int | None) -> str:
    return "–" if latency is None else f"{latency:,} ms"
