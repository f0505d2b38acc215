"""By which colour and picture a state or a severity is known, on pages, frames and badges."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Severity

TONES = {
    State.OPERATIONAL: "ok",
    State.MAINTENANCE: "maintenance",
    State.DEGRADED: "degraded",
    State.PARTIAL_OUTAGE: "partial",
    State.MAJOR_OUTAGE: "major",
}
TONES_OF_SEVERITY = {
    None: "notice",
    Severity.MINOR: "degraded",
    Severity.MAJOR: "partial",
    Severity.CRITICAL: "major",
    Severity.MAINTENANCE: "maintenance",
}


def icon(name: str) -> SafeString:
    """Refer to one of the pictures that every document of a page carries."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)
