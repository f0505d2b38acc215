"""What a page says: what is wrong, since when, and how to take it."""

from django.utils import timezone

from alerts.escalation.links import token_of
from alerts.models import Alert, AlertSource, Call
from alerts.models.alerts import AlertQuerySet
from alerts.people.reaching import PageText
from atender.staff.zones import zone_of
from atender.tenants.links import console_url, tenant_name
from incidents.templatetags.incident_words import clock

SHORT = 300
LISTED = 10


def page_for(call: Call, alerts: AlertQuerySet) -> PageText:
    """Word a call for the alerts that need somebody; the first is named, the others counted.

    Its times are in the zone of whom it calls.
    """
    named = list(alerts.select_related("incident").order_by("triggered_at", "id")[:LISTED])
    more = alerts.count() - 1
    first = named[0]
    subject = first.summary + (f" and {more:,} more" if more else "")
    tenant, link = tenant_name(), console_url(f"/alerts/take/{token_of(call)}")
    with timezone.override(zone_of(call.person)):
        said = [_line(alert) for alert in named]
    lines = [
        *said,
        *([f"… and {more + 1 - len(named):,} more"] if more >= LISTED else []),
        "",
        f"Take it, so that nobody else is called: {link}",
        "The link is good for a day and is yours alone.",
    ]
    room = max(SHORT - len(tenant) - len(link) - len(": . Take it: "), 40)
    cut = subject if len(subject) <= room else subject[: room - 1] + "…"
    return PageText(f"[{tenant}] {subject}", "\n".join(lines), f"{tenant}: {cut}. Take it: {link}")


def _line(alert: Alert) -> str:
    cause = str(alert.details.get("cause", ""))
    since = clock(alert.triggered_at, with_seconds=True)
    said = f"{alert.summary} ({_loudness(alert)}), since {since}."
    return f"{said} {cause}".strip()


def _loudness(alert: Alert) -> str:
    """The severity; where a person called for an incident, in the incident's word for it."""
    incident = alert.incident
    if incident is None or alert.source != AlertSource.PERSON or alert.origin_id != incident.pk:
        return alert.severity
    return incident.severity or "no severity"
