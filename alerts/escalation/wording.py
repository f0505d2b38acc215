"""What a page says: what is wrong, since when, and how to take it."""

from dataclasses import dataclass

from alerts.escalation.links import token_of
from alerts.models import Alert, Call
from alerts.models.alerts import AlertQuerySet
from atender.tenants.links import console_url, tenant_name

SHORT = 300
LISTED = 10


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is for mail and chat; `short` fits an SMS, the link whole."""

    subject: str
    text: str
    short: str


def page_for(call: Call, alerts: AlertQuerySet) -> Page:
    """Word a call for the alerts that need somebody; the first is named, the others counted."""
    named = list(alerts.order_by("triggered_at", "id")[:LISTED])
    more = alerts.count() - 1
    first = named[0]
    subject = first.summary + (f" and {more:,} more" if more else "")
    tenant, link = tenant_name(), console_url(f"/alerts/take/{token_of(call)}")
    lines = [
        *[_line(alert) for alert in named],
        *([f"… and {more + 1 - len(named):,} more"] if more >= LISTED else []),
        "",
        f"Take it, so that nobody else is called: {link}",
        "The link is good for a day and is yours alone.",
    ]
    room = max(SHORT - len(tenant) - len(link) - len(": . Take it: "), 40)
    said = subject if len(subject) <= room else subject[: room - 1] + "…"
    return Page(f"[{tenant}] {subject}", "\n".join(lines), f"{tenant}: {said}. Take it: {link}")


def _line(alert: Alert) -> str:
    cause = str(alert.details.get("cause", ""))
    said = f"{alert.summary} ({alert.severity}), since {alert.triggered_at:%Y-%m-%d %H:%M:%S} UTC."
    return f"{said} {cause}".strip()
