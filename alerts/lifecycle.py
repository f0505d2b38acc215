"""The verbs of an alert: triggered, acknowledged, snoozed, resolved, noted.

Each locks, checks, changes, records and announces in one transaction. An incident is locked before
its alerts, everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alerts.models import Alert, AlertEntry, AlertSeverity, AlertSource, AlertStatus, EntryKind
from alerts.models.alerts import KEY_LENGTH, SUMMARY_LENGTH
from alerts.recording import announce, write
from atender.actors import Actor
from atender.due.work import cancel, schedule
from atender.ids import new_ulid
from atender.refusals import Conflict, Refused
from atender.texts import clean_line, clean_text
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.models import Incident
from incidents.models.vocabulary import ResponderStatus
from monitors.models import Monitor, Service

WAKING = "alerts.wake"
LONGEST_SNOOZE = timedelta(days=30)
LONGEST_NOTE = 5000


class AlreadyResolved(Conflict):
    """The alert is over; what is asked for is for open ones."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an alert is about; without a `dedup_key` it is like no other.

    `origin_id` says whose key it is. `occurrence` tells one time from the next, so that what is
    sent again after it was resolved is no new alert.
    """

    summary: str
    severity: str = AlertSeverity.ERROR
    source: str = AlertSource.API
    dedup_key: str = ""
    origin_id: str | None = None
    occurrence: str = ""
    url: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    monitor: Monitor | None = None
    service: Service | None = None


@transaction.atomic
def trigger(trouble: Trouble, *, by: Actor, at: datetime | None = None) -> tuple[Alert, bool]:
    """Raise an alert; returns it and whether it is new. Raises Refused.

    While one with the same key is open, or has seen the same occurrence, nothing changes: neither
    who has it nor its timeline.
    """
    at = at or timezone.now()
    key = _checked_key(trouble.dedup_key)
    _hold_key(trouble.origin_id, key)
    if (known := _known(trouble, key)) is not None:
        return known, False
    alert = _made(trouble, key, at=at)
    write(alert, EntryKind.TRIGGERED, by=by, at=at, text=alert.summary)
    announce(EntryKind.TRIGGERED, alert, by=by, at=at)
    return alert, True


def _made(trouble: Trouble, key: str, *, at: datetime, **state: Any) -> Alert:
    return Alert.objects.create(
        summary=clean_line(
            trouble.summary, field="summary", noun="A summary", longest=SUMMARY_LENGTH
        ),
        severity=_checked_severity(trouble.severity),
        source=trouble.source,
        origin_id=trouble.origin_id,
        dedup_key=key,
        occurrence=trouble.occurrence[:64],
        url=trouble.url,
        details=dict(trouble.details),
        monitor=trouble.monitor,
        service=trouble.service or (trouble.monitor.service if trouble.monitor else None),
        triggered_at=at,
        **state,
    )


def _checked_key(key: str) -> str:
    if len(key) > KEY_LENGTH:
        raise Refused(
            f"A key has at most {KEY_LENGTH} characters; this one has {len(key)}.",
            field="dedup_key",
        )
    return clean_text(key, field="dedup_key") or new_ulid()


def _checked_severity(severity: str) -> str:
    if severity not in AlertSeverity.values:
        raise Refused(
            f"'{severity[:40]}' is no severity of an alert; it is one of "
            f"{', '.join(AlertSeverity.values)}.",
            field="severity",
        )
    return severity


def _hold_key(origin_id: str | None, key: str) -> None:
    """Let nobody else raise or look for this key until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 31))",
            [f" alert {origin_id or ''} {key}"],
        )


def _known(trouble: Trouble, key: str) -> Alert | None:
    same = Alert.objects.filter(origin_id=trouble.origin_id, dedup_key=key)
    if (standing := same.open().first()) is not None:
        return standing
    if not trouble.occurrence:
        return None
    return same.filter(occurrence=trouble.occurrence[:64]).first()


@transaction.atomic
def acknowledge(alert: Alert, *, by: Actor, at: datetime | None = None) -> Alert:
    """Take an alert and its incident: escalation stops, nothing is resolved.

    Again it stays with the first; raises AlreadyResolved where it is over.
    """
    at = at or timezone.now()
    alert = locked(alert)
    _check_open(alert)
    if alert.status == AlertStatus.TRIGGERED:
        alert.status = AlertStatus.ACKNOWLEDGED
        alert.acknowledged_at = at
        alert.acknowledged_by_id, alert.acknowledged_by_name = by.id, by.name[:120]
        alert.snoozed_until = None
        alert.save()
        cancel(WAKING, alert.pk)
        write(alert, EntryKind.ACKNOWLEDGED, by=by, at=at)
        if alert.incident and alert.incident.responder_status == ResponderStatus.TRIGGERED:
            acknowledge_incident(alert.incident, by=by, at=at)
        announce(EntryKind.ACKNOWLEDGED, alert, by=by, at=at)
    return alert


@transaction.atomic
def resolve(alert: Alert, *, by: Actor, at: datetime | None = None, text: str = "") -> Alert:
    """End an alert; its incident is left to whoever writes it. Again nothing changes."""
    at = at or timezone.now()
    alert = locked(alert)
    if alert.is_open:
        alert.status = AlertStatus.RESOLVED
        alert.resolved_at = at
        alert.snoozed_until = None
        alert.save()
        cancel(WAKING, alert.pk)
        write(alert, EntryKind.RESOLVED, by=by, at=at, text=text)
        announce(EntryKind.RESOLVED, alert, by=by, at=at)
    return alert


@transaction.atomic
def resolve_key(
    origin_id: str | None, key: str, *, by: Actor, at: datetime | None = None, text: str = ""
) -> Alert | None:
    """End the open alert of a key, if there is one: what raised it says that it is over."""
    _hold_key(origin_id, key)
    standing = Alert.objects.open().filter(origin_id=origin_id, dedup_key=key).first()
    return resolve(standing, by=by, at=at, text=text) if standing else None


@transaction.atomic
def note_over(trouble: Trouble, *, by: Actor, at: datetime | None = None) -> Alert | None:
    """Keep that an occurrence is over which was never heard of; nobody is called.

    What says that it began may come after what says that it ended, and then raises nothing.
    """
    at = at or timezone.now()
    key = _checked_key(trouble.dedup_key)
    _hold_key(trouble.origin_id, key)
    if not trouble.occurrence or _known(trouble, key) is not None:
        return None
    alert = _made(
        trouble, key, at=at, status=AlertStatus.RESOLVED, resolved_at=at, wants_page=False
    )
    write(alert, EntryKind.RESOLVED, by=by, at=at, text="It was over before it was heard of.")
    return alert


@transaction.atomic
def snooze(alert: Alert, *, until: datetime, by: Actor, at: datetime | None = None) -> Alert:
    """Page nobody for it until a moment; then it calls again unless somebody has it."""
    at = at or timezone.now()
    alert = locked(alert)
    _check_open(alert)
    if alert.status == AlertStatus.ACKNOWLEDGED:
        raise Conflict(
            f"{alert.acknowledged_by_name or 'Somebody'} has it already; nobody is called for it."
        )
    if not at < until <= at + LONGEST_SNOOZE:
        raise Refused("An alert is snoozed until a moment within the next 30 days.", field="until")
    alert.snoozed_until = until
    alert.save()
    schedule(WAKING, alert.pk, at=until)
    write(alert, EntryKind.SNOOZED, by=by, at=at, text=f"Until {until:%Y-%m-%d %H:%M} UTC.")
    announce(EntryKind.SNOOZED, alert, by=by, at=at)
    return alert


@transaction.atomic
def wake(alert: Alert, *, by: Actor, at: datetime | None = None) -> Alert:
    """Let a snoozed alert call again, if nobody took or resolved it meanwhile."""
    at = at or timezone.now()
    alert = locked(alert)
    if alert.snoozed_until is not None and not alert.is_snoozed(at):
        alert.snoozed_until = None
        alert.wants_page = True
        alert.save()
        write(alert, EntryKind.WOKE, by=by, at=at)
        announce(EntryKind.WOKE, alert, by=by, at=at)
    return alert


@transaction.atomic
def add_note(alert: Alert, text: str, *, by: Actor, at: datetime | None = None) -> AlertEntry:
    """Write down what responders found; resolved alerts take notes too. Raises Refused."""
    at = at or timezone.now()
    alert = locked(alert)
    words = clean_text(text, field="text", longest=LONGEST_NOTE)
    if not words:
        raise Refused("A note has words.", field="text")
    entry = write(alert, EntryKind.NOTE, by=by, at=at, text=words)
    announce(EntryKind.NOTE, alert, by=by, at=at)
    return entry


def _check_open(alert: Alert) -> None:
    if alert.resolved_at is not None:
        raise AlreadyResolved(
            f"The alert is resolved, since {alert.resolved_at:%Y-%m-%d %H:%M} UTC; "
            "it comes back by itself if the trouble does."
        )


def locked(alert: Alert) -> Alert:
    """Return the alert as it is now, held with its incident until the transaction ends."""
    rows = Alert.objects.filter(pk=alert.pk)
    incident_id = rows.values_list("incident_id", flat=True).get()
    if incident_id is not None:
        Incident.objects.select_for_update().filter(pk=incident_id).first()
    return rows.select_for_update(of=("self",)).get()
