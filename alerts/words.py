"""An alert's words as staff read them: shape, word and colour."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from alerts.models import AlertSeverity, AlertStatus
from atender.console.signs import tag
from atender.zones import zone_name

STATUS_LOOK = {
    AlertStatus.TRIGGERED: ("major", "✕"),
    AlertStatus.ACKNOWLEDGED: ("degraded", "◐"),
    AlertStatus.RESOLVED: ("ok", "●"),
}
SEVERITY_TONE = {
    AlertSeverity.CRITICAL: "major",
    AlertSeverity.ERROR: "partial",
    AlertSeverity.WARNING: "degraded",
    AlertSeverity.INFO: "",
}


def alert_status_tag(status: str) -> SafeString:
    known = AlertStatus(status)
    return tag(known.label, *STATUS_LOOK[known])


def alert_severity_tag(severity: str) -> SafeString:
    known = AlertSeverity(severity)
    return tag(known.label, SEVERITY_TONE[known])


def day_and_time(at: datetime, zone: ZoneInfo) -> str:
    """`Sat 28 Nov 18:00 CET`, in a zone that is not the reader's own."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M} {zone_name(local)}"
