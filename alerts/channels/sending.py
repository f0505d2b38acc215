"""One message to one channel: composed, sent, and what came back written down."""

import json
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from standardwebhooks import Webhook

from alerts.channels import payloads
from alerts.channels.documents import alert_document
from alerts.channels.incident_news import is_still_news, told_of_incident
from alerts.channels.payloads import Told
from alerts.models import (
    Alert,
    AlertChannel,
    AlertSeverity,
    ChannelKind,
    ChannelMessage,
    Event,
    MessageState,
)
from atender.digits import whole_number
from atender.outbound import mail
from atender.outbound.unreachable import Unreachable
from atender.outbound.web import Answer, WebClient, WebLimits
from atender.refusals import Refused
from atender.tenants.links import console_url, tenant_name

LIMITS = WebLimits(connect_s=5, total_s=10, body_bytes=20_000, cuts_body=True)
PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600, 7200))
LONGEST_PAUSE = timedelta(hours=1)
# A message waits this long for the one before it to the same channel.
IN_TURN = timedelta(seconds=5)
GONE, TOO_EARLY, TOO_MANY, TIMED_OUT = 410, 425, 429, 408
# Accepted; or sent by a worker that died before recording it, and no longer needed afterwards.
# Whoever may have heard of the beginning hears of the end.
MAY_HAVE_COME = Q(state=MessageState.SENT) | Q(
    state=MessageState.DROPPED, attempts__gt=0, answer=""
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt; with `retry_in` None another one is useless."""

    is_taken: bool
    answer: str = ""
    retry_in: timedelta | None = None
    is_gone: bool = False


def send_message(message_id: str, *, at: datetime) -> datetime | None:
    """Send a message whose turn it is; returns when to try again."""
    rows = ChannelMessage.objects.filter(pk=message_id)
    message = rows.select_related("channel", "escalation", "incident", "update").first()
    if message is None or message.state != MessageState.WAITING:
        return None
    before = ChannelMessage.objects.filter(
        channel=message.channel,
        escalation=message.escalation,
        incident=message.incident,
        pk__lt=message.pk,
    ).exclude(event=Event.TEST)
    if message.event != Event.TEST and before.filter(state=MessageState.WAITING).exists():
        return at + IN_TURN
    told = _told(message, before)
    if told is None or not (message.channel.is_on or message.event == Event.TEST):
        rows.update(state=MessageState.DROPPED)
        return None
    rows.update(attempts=F("attempts") + 1, answer="")
    outcome = send(message.channel, told, message_id=message.pk, at=at)
    return _record(message, outcome, at=at)


def _told(message: ChannelMessage, before: QuerySet[ChannelMessage]) -> Told | None:
    """Return what a message says; None if it is no longer news."""
    if message.event == Event.TEST:
        return told_of_test(message)
    if message.escalation is None:
        known = message.incident if is_still_news(message) else None
        return told_of_incident(message, known) if known else None
    alerts = list(message.escalation.alerts.order_by("triggered_at", "id"))
    is_first = message.event == Event.TRIGGER
    was_told = before.filter(MAY_HAVE_COME, event=Event.TRIGGER).exists()
    is_news = any(alert.is_open for alert in alerts) if is_first else was_told
    return told_of(message, alerts) if is_news else None


def _record(message: ChannelMessage, outcome: Outcome, *, at: datetime) -> datetime | None:
    rows = ChannelMessage.objects.filter(pk=message.pk)
    if outcome.is_taken:
        rows.update(state=MessageState.SENT, sent_at=at, answer="")
        return None
    if outcome.is_gone:
        AlertChannel.objects.filter(pk=message.channel_id).update(is_on=False)
    if outcome.retry_in is None or message.attempts >= len(PAUSES):
        rows.update(state=MessageState.FAILED, answer=outcome.answer[:300])
        return None
    rows.update(answer=outcome.answer[:300])
    return at + max(PAUSES[message.attempts], min(outcome.retry_in, LONGEST_PAUSE))


def told_of_test(message: ChannelMessage) -> Told:
    return Told(
        event=message.event,
        key=message.pk,
        summary=f"{tenant_name()} can reach {message.channel.name}. Nothing is wrong.",
        source=tenant_name(),
        severity=AlertSeverity.INFO,
        at=message.happened_at,
        url=console_url(f"/on-call/channels/{message.channel_id}/"),
        subject="channel",
    )


def told_of(message: ChannelMessage, alerts: Sequence[Alert]) -> Told:
    """What an event says of its alerts: the first is named, the others counted."""
    if not alerts:
        return _told_of_nothing(message)
    first, more = alerts[0], len(alerts) - 1
    worst = min((a.severity for a in alerts), key=list(AlertSeverity.values).index)
    return Told(
        event=message.event,
        key=str(message.escalation_id),
        summary=first.summary + (f" and {more:,} more" if more else ""),
        source=first.monitor.name if first.monitor else tenant_name(),
        severity=worst,
        at=message.happened_at,
        url=console_url(f"/admin/alerts/alert/{first.pk}/change/"),
        facts=_facts(message, alerts),
        alerts=[alert_document(alert) for alert in alerts[:20]],
    )


def _told_of_nothing(message: ChannelMessage) -> Told:
    """An escalation without alerts: they woke from a snooze and call again as another one."""
    return Told(
        event=message.event,
        key=str(message.escalation_id),
        summary="It calls again, as another incident.",
        source=tenant_name(),
        severity=AlertSeverity.INFO,
        at=message.happened_at,
        url=console_url("/admin/alerts/alert/"),
    )


def _facts(message: ChannelMessage, alerts: Sequence[Alert]) -> list[tuple[str, str]]:
    first = alerts[0]
    facts = [
        ("Severity", first.get_severity_display()),
        ("Since", f"{first.triggered_at:%Y-%m-%d %H:%M:%S} UTC"),
    ]
    if first.service:
        facts.append(("Service", first.service.name))
    if cause := str(first.details.get("cause", "")):
        facts.append(("Likely cause", cause))
    if message.event == Event.ACKNOWLEDGE:
        names = {a.acknowledged_by_name for a in alerts if a.acknowledged_by_name}
        facts.append(("Who has it", ", ".join(sorted(names)) or "somebody"))
    if message.event == Event.RESOLVE:
        ended_at = max(a.resolved_at for a in alerts if a.resolved_at is not None)
        seconds = int((ended_at - first.triggered_at).total_seconds())
        facts.append(("Lasted", f"{seconds // 60} min {seconds % 60} s"))
    if first.incident:
        facts.append(("Incident", first.incident.title))
    return facts


def send(channel: AlertChannel, told: Told, *, message_id: str, at: datetime) -> Outcome:
    """Send an event by a channel; trouble is an outcome, never an exception."""
    if channel.kind == ChannelKind.EMAIL:
        return _mail(channel.address, told, message_id)
    if channel.kind == ChannelKind.PAGERDUTY and told.event == Event.TEST:
        return _try_pagerduty(channel, told, message_id=message_id, at=at)
    body = json.dumps(body_for(channel, told)).encode()
    headers = {"content-type": "application/json"}
    if channel.kind == ChannelKind.WEBHOOK:
        headers |= signed(channel.secret, message_id, at, body)
    try:
        with WebClient(LIMITS) as client:
            return outcome_of(client.send("POST", channel.address, headers=headers, body=body))
    except Unreachable as error:
        return Outcome(is_taken=False, answer=error.sentence, retry_in=timedelta(0))
    except Refused as refusal:
        return Outcome(is_taken=False, answer=refusal.sentence)


def _try_pagerduty(channel: AlertChannel, told: Told, *, message_id: str, at: datetime) -> Outcome:
    """It knows no tests: an incident there, which is over at once."""
    begun = send(channel, replace(told, event=Event.TRIGGER), message_id=message_id, at=at)
    if not begun.is_taken:
        return begun
    return send(channel, replace(told, event=Event.RESOLVE), message_id=message_id, at=at)


def body_for(channel: AlertChannel, told: Told) -> dict[str, Any]:
    if channel.kind == ChannelKind.PAGERDUTY:
        return payloads.pagerduty(told, channel.secret)
    shapes = {
        ChannelKind.SLACK: payloads.slack,
        ChannelKind.TEAMS: payloads.teams,
        ChannelKind.DISCORD: payloads.discord,
        ChannelKind.WEBHOOK: payloads.webhook,
    }
    return shapes[ChannelKind(channel.kind)](told)


def signed(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of https://www.standardwebhooks.com."""
    signature = Webhook(secret).sign(message_id, at, body.decode())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def outcome_of(answer: Answer) -> Outcome:
    """What an answer means: a bad request stays bad, a busy server is asked again."""
    if answer.is_success:
        return Outcome(is_taken=True)
    said = f"It answered {answer.status}."
    is_busy = answer.status in (TIMED_OUT, TOO_EARLY, TOO_MANY) or answer.status >= 500
    if not is_busy:
        return Outcome(is_taken=False, answer=said, is_gone=answer.status == GONE)
    asked = answer.headers.get("retry-after", "")
    wait = timedelta(seconds=whole_number(asked, digits=5) or 0)
    return Outcome(is_taken=False, answer=said, retry_in=wait)


def _mail(to: str, told: Told, message_id: str) -> Outcome:
    subject, text = payloads.letter(told)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {"Message-ID": f"<{message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    try:
        mail.send([EmailMessage(subject[:200], text, to=[to], headers=headers)])
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(is_taken=False, answer=str(error), retry_in=timedelta(0))
    return Outcome(is_taken=True)
