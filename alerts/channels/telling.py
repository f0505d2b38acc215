"""Which channels hear what: one message per channel and event of an escalation."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from alerts.channels.incident_news import TELLING
from alerts.models import (
    Alert,
    AlertChannel,
    AlertStatus,
    ChannelKind,
    ChannelMessage,
    Escalation,
    Event,
    NotificationGroup,
    Tells,
)
from alerts.routing import routings_for
from atender.due.work import schedule


def tell_trigger(escalation: Escalation, *, at: datetime) -> None:
    """Tell the group's channels that an escalation began."""
    if escalation.group is not None:
        tell_groups(escalation, [escalation.group], at=at)


def tell_groups(
    escalation: Escalation, groups: Iterable[NotificationGroup], *, at: datetime
) -> None:
    """Tell the channels of groups, each once, but for those that filter it out."""
    severities = set(escalation.alerts.open().values_list("severity", flat=True))
    channels = AlertChannel.objects.filter(
        is_on=True, pk__in=[c.pk for group in groups for c in group.channels.all()]
    )
    for channel in channels:
        if not channel.severities or severities & set(channel.severities):
            _write(channel.pk, escalation, Event.TRIGGER, at=at)


@transaction.atomic
def tell_progress(escalation_id: str, *, at: datetime) -> None:
    """Tell those who heard of the trigger that somebody has it, or that it is over."""
    escalation = Escalation.objects.select_for_update(no_key=True).filter(pk=escalation_id).first()
    if escalation is None:
        return
    alerts = list(escalation.alerts.select_related("monitor"))
    told = escalation.messages.filter(event=Event.TRIGGER, channel__is_on=True)
    event = event_of(alerts)
    if event is None:
        return
    happened_at = _moment_of(event, alerts) or at
    for message in told.select_related("channel"):
        is_heard = message.channel.kind == ChannelKind.PAGERDUTY or is_wanted(event, alerts)
        if is_heard:
            _write(message.channel_id, escalation, event, at=happened_at)


def _moment_of(event: Event, alerts: list[Alert]) -> datetime | None:
    """When it came so far: the queue may be late, and what a channel hears must not be."""
    of_each = [
        alert.resolved_at if event == Event.RESOLVE else alert.acknowledged_at for alert in alerts
    ]
    return max((moment for moment in of_each if moment is not None), default=None)


def event_of(alerts: list[Alert]) -> Event | None:
    """Return how far an escalation's alerts are; None while one of them needs somebody."""
    if any(alert.status == AlertStatus.TRIGGERED for alert in alerts):
        return None
    is_over = all(alert.status == AlertStatus.RESOLVED for alert in alerts)
    return Event.RESOLVE if is_over else Event.ACKNOWLEDGE


def is_wanted(event: Event, alerts: list[Alert]) -> bool:
    """Whether anybody asked to hear of a recovery; PagerDuty's incident would else stay open."""
    monitors = [alert.monitor for alert in alerts if alert.monitor is not None]
    if event != Event.RESOLVE or len(monitors) < len(alerts):
        return True
    return any(Tells.RECOVERY in routing.alert_on for routing in routings_for(monitors).values())


def _write(channel_id: str, escalation: Escalation, event: Event, *, at: datetime) -> None:
    message, is_new = ChannelMessage.objects.get_or_create(
        channel_id=channel_id, escalation=escalation, event=event, defaults={"happened_at": at}
    )
    if is_new:
        schedule(TELLING, message.pk)
