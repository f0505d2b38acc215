"""Channels that hear of incidents: each transition once, and private words only where asked."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from alerts.channels.documents import cause_of, news_document, seconds_until
from alerts.channels.payloads import Told
from alerts.models import (
    AlertChannel,
    AlertSeverity,
    ChannelKind,
    ChannelMessage,
    Event,
    MessageState,
)
from alerts.models.alerts import INCIDENT_SEVERITY
from atender.due.work import cancel, schedule
from atender.tenants.links import console_url, tenant_name
from incidents.models import ComponentImpact, Incident, IncidentUpdate
from incidents.models.vocabulary import Severity
from incidents.signals import Action, Change

TELLING = "alerts.tell"
EVENTS = {
    Action.OPENED: Event.TRIGGER,
    Action.UPDATED: Event.UPDATE,
    Action.REOPENED: Event.UPDATE,
    Action.ACKNOWLEDGED: Event.ACKNOWLEDGE,
    Action.RESOLVED: Event.RESOLVE,
}
# PagerDuty's four words for how bad it is.
LOUDNESS = {
    Severity.CRITICAL: "critical",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
}


def tell_of_incident(change: Change) -> None:
    """Write a message for every channel that hears of incidents, or take back what was undone."""
    if change.action == Action.WITHDRAWN and change.update is not None:
        _take_back(change.update)
    event = EVENTS.get(change.action)
    update = change.update
    if event is None or (event == Event.TRIGGER and _is_no_news(change)):
        return
    channels = AlertChannel.objects.filter(is_on=True, hears_incidents=True)
    if event == Event.UPDATE and (update is None or not (update.is_step or update.public_body)):
        channels = channels.filter(hears_private=True)
    at = (update.held_until if update else None) or change.at
    for channel, said in _heard_by(channels, change.incident, event):
        message = ChannelMessage.objects.create(
            channel=channel,
            incident=change.incident,
            update=update,
            event=said,
            happened_at=change.at,
        )
        schedule(TELLING, message.pk, at=at)


def _heard_by(
    channels: QuerySet[AlertChannel], incident: Incident, event: Event
) -> Iterator[tuple[AlertChannel, Event]]:
    """Return each channel that hears it, and as which event. Filters pass what was heard of before.

    A channel that heard of the beginning hears of the end, whatever the severity is by then.
    """
    messages = ChannelMessage.objects.filter(incident=incident)
    heard = set(messages.exclude(state=MessageState.DROPPED).values_list("channel_id", flat=True))
    for channel in channels:
        is_first = bool(channel.severities) and channel.pk not in heard
        if is_first and not counts_as(incident.severity) & set(channel.severities):
            continue
        if event != Event.UPDATE or channel.kind != ChannelKind.PAGERDUTY:
            yield channel, event
        elif is_first:
            # PagerDuty knows no updates; there it begins with the first that passes the filter.
            yield channel, Event.TRIGGER


def counts_as(severity: str | None) -> set[str]:
    """The severities of alerts that make such an incident; planned work is no louder than info."""
    made = Severity.MAJOR if severity == Severity.CRITICAL else severity
    return {alert for alert, of in INCIDENT_SEVERITY.items() if of == made} or {AlertSeverity.INFO}


def _is_no_news(change: Change) -> bool:
    """Whether it was over before it was recorded, or is a later occurrence of a series."""
    incident, update = change.incident, change.update
    is_later = incident.series_id is not None and update is not None and not update.notifies
    return incident.is_closed or is_later


def _take_back(update: IncidentUpdate) -> None:
    waiting = ChannelMessage.objects.filter(update=update, state=MessageState.WAITING)
    for pk in waiting.values_list("pk", flat=True):
        cancel(TELLING, pk)
    waiting.update(state=MessageState.DROPPED)


def is_still_news(message: ChannelMessage) -> bool:
    incident, update = message.incident, message.update
    if incident is None or incident.deleted_at is not None:
        return False
    return update is None or update.withdrawn_at is None


def told_of_incident(message: ChannelMessage, incident: Incident) -> Told:
    update = message.update
    return Told(
        event=message.event,
        key=incident.pk,
        summary=incident.title,
        source=tenant_name(),
        severity=LOUDNESS.get(Severity(incident.severity), "info") if incident.severity else "info",
        at=message.happened_at,
        url=console_url(f"/admin/incidents/incident/{incident.pk}/change/"),
        facts=_facts(message, incident, update),
        more=news_document(message, incident, said_in(message)),
        subject="incident",
    )


def _facts(
    message: ChannelMessage, incident: Incident, update: IncidentUpdate | None
) -> list[tuple[str, str]]:
    facts = [
        ("Status", update.get_status_display() if update else incident.get_status_display()),
        ("Severity", incident.get_severity_display() if incident.severity else "none"),
    ]
    if words := said_in(message):
        facts.append(("Update", words))
    if message.event == Event.ACKNOWLEDGE:
        facts.append(("Who has it", incident.acknowledged_by_name or "somebody"))
    impacts = ComponentImpact.objects.filter(incident=incident).select_related("component")
    if names := [impact.component.name for impact in impacts.order_by("component__name")[:20]]:
        facts.append(("Affected", ", ".join(names)))
    if message.event == Event.RESOLVE and incident.resolved_at is not None:
        facts += _ending(incident, incident.resolved_at)
    return facts


def _ending(incident: Incident, ended_at: datetime) -> list[tuple[str, str]]:
    """How long it lasted, and why, where a monitor found out."""
    seconds, cause = seconds_until(ended_at, incident), cause_of(incident)
    lasted = ("Lasted", f"{seconds // 60} min {seconds % 60} s")
    return [lasted, ("Likely cause", cause)] if cause else [lasted]


def said_in(message: ChannelMessage) -> str:
    """Return the part of the text that this channel may see."""
    update = message.update
    if update is None or update.deleted_at is not None:
        return ""
    return update.body if message.channel.hears_private else update.public_body
