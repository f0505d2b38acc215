"""What a page says: what is wrong, since when, and how to take it; later, that it is over."""

from django.db.models import Case, When
from django.utils import timezone

from alerts.escalation.links import token_of
from alerts.models import Alert, AlertSeverity, AlertSource, Call, EntryKind
from alerts.models.alerts import AlertQuerySet
from alerts.people.reaching import PageText
from atender.actors import ActorKind
from atender.console.spans import length_words
from atender.console.times import clock
from atender.staff.zones import zone_of
from atender.tenants.links import console_url, tenant_name

SHORT = 300
LISTED = 10
NO_SEVERITY = "no severity"
# The place of an alert's severity, the worst of which is 0.
LOUDNESS = Case(*(When(severity=one, then=n) for n, one in enumerate(AlertSeverity.values)))


def page_for(call: Call, alerts: AlertQuerySet) -> PageText:
    """Word a call for the alerts that need somebody; the worst is named, the others counted.

    Its times are in the zone of whom it calls.
    """
    worst_first = alerts.select_related("incident").order_by(LOUDNESS, "triggered_at", "id")
    named = list(worst_first[:LISTED])
    more = alerts.count() - 1
    first = named[0]
    subject = _loudly(first, _counted(first, more))
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
    cut = _cut(subject, room)
    return PageText(f"[{tenant}] {subject}", "\n".join(lines), f"{tenant}: {cut}. Take it: {link}")


def over_for(call: Call) -> PageText:
    """Word that all alerts of a call's escalation are over; it asks for nothing."""
    alerts = call.escalation.alerts.order_by("triggered_at", "id")
    named = list(alerts[:LISTED])
    count, first, tenant = alerts.count(), named[0], tenant_name()
    subject = f"Over: {_counted(first, count - 1)}"
    with timezone.override(zone_of(call.person)):
        lines = [_ending(alert) for alert in named]
    if count > LISTED:
        lines.append(f"… and {count - LISTED:,} more")
    lines += ["", console_url(f"/admin/alerts/alert/{first.pk}/change/")]
    short = f"{tenant}: {_cut(subject, SHORT - len(tenant) - len(': .'))}."
    return PageText(f"[{tenant}] {subject}", "\n".join(lines), short)


def _counted(first: Alert, more: int) -> str:
    return first.summary + (f" and {more:,} more" if more else "")


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 1] + "…"


def _ending(alert: Alert) -> str:
    ended_at = alert.resolved_at or timezone.now()
    lasted = length_words(ended_at - alert.triggered_at)
    by_whom = alert.entries.filter(kind=EntryKind.RESOLVED, by_kind=ActorKind.PERSON).last()
    said = f", resolved by {by_whom.by_name}" if by_whom else ""
    return (
        f"{alert.summary}: over since {clock(ended_at, with_seconds=True)}, after {lasted}{said}."
    )


def _line(alert: Alert) -> str:
    cause = str(alert.details.get("cause", ""))
    since = clock(alert.triggered_at, with_seconds=True)
    said = f"{alert.summary} ({_loudness(alert)}), since {since}."
    return f"{said} {cause}".strip()


def _loudly(alert: Alert, words: str) -> str:
    """Say how bad it is first: of what wakes somebody, a telephone shows the first words."""
    loudness = _loudness(alert)
    return words if loudness == NO_SEVERITY else f"{loudness.capitalize()}: {words}"


def _loudness(alert: Alert) -> str:
    """The severity; where a person called for an incident, in the incident's word for it."""
    incident = alert.incident
    if incident is None or alert.source != AlertSource.PERSON or alert.origin_id != incident.pk:
        return alert.severity
    return incident.severity or NO_SEVERITY
