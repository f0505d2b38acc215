"""The verbs of an existing alert: acknowledge, snooze, resolve, add a note.

Each locks, checks, changes, records and announces in one transaction. An incident is locked before
its alerts, everywhere.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from alerts.models import Alert, AlertEntry, AlertStatus, EntryKind
from alerts.recording import announce, write
from alerts.together import WAKING, Ending, acknowledge_all, locked_all, resolve_all
from atender.actors import Actor
from atender.due.work import schedule
from atender.refusals import Conflict, Refused
from atender.texts import clean_text

LONGEST_SNOOZE = timedelta(days=30)
# The timeline and the screens say a moment by its minute.
SAME_MOMENT = timedelta(minutes=1)
LONGEST_NOTE = 5000


class AlreadyResolved(Conflict):
    """The alert is over; the action is for open ones."""


@transaction.atomic
def acknowledge(alert: Alert, *, by: Actor, at: datetime | None = None) -> Alert:
    """Take an alert and its incident: escalation stops, nothing is resolved.

    It stays with whoever was first; raises AlreadyResolved if it is over.
    """
    alert = locked(alert)
    _check_open(alert)
    acknowledge_all([alert], by=by, at=at)
    return Alert.objects.get(pk=alert.pk)


@transaction.atomic
def resolve(alert: Alert, *, by: Actor, at: datetime | None = None, text: str = "") -> Alert:
    """End an alert; its incident is left to people. Idempotent."""
    resolve_all([Ending(alert, by, at or timezone.now(), text)])
    return Alert.objects.get(pk=alert.pk)


@transaction.atomic
def snooze(
    alert: Alert,
    *,
    until: datetime,
    by: Actor,
    at: datetime | None = None,
    is_exact: bool = True,
) -> Alert:
    """Call nobody for it until a given time; then it calls again unless somebody has it.

    Idempotent per moment or, where a span from now was asked for, per minute, since that is what
    a double click on "30 minutes" asks for. Raises Refused.
    """
    at = at or timezone.now()
    alert = locked(alert)
    _check_open(alert)
    if alert.status == AlertStatus.ACKNOWLEDGED:
        raise Conflict(
            f"{alert.acknowledged_by_name or 'Somebody'} has it already; nobody is called for it."
        )
    if not at < until <= at + LONGEST_SNOOZE:
        raise Refused("An alert is snoozed until a moment within the next 30 days.", field="until")
    standing = alert.snoozed_until
    if standing is not None and at < standing:
        apart = abs(until - standing)
        if not apart or (apart < SAME_MOMENT and not is_exact):
            return alert
    alert.snoozed_until = until
    alert.save()
    schedule(WAKING, alert.pk, at=until)
    write(alert, EntryKind.SNOOZED, by=by, at=at, text=f"Until {until:%Y-%m-%d %H:%M} UTC.")
    announce(EntryKind.SNOOZED, [alert])
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
        announce(EntryKind.WOKE, [alert])
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
    announce(EntryKind.NOTE, [alert])
    return entry


def _check_open(alert: Alert) -> None:
    if alert.resolved_at is not None:
        raise AlreadyResolved(
            f"The alert is resolved, since {alert.resolved_at:%Y-%m-%d %H:%M} UTC; "
            "it comes back by itself if the trouble does."
        )


def locked(alert: Alert) -> Alert:
    """Return the alert as it is now, held with its incident until the transaction ends."""
    (held,) = locked_all([alert])
    return held
