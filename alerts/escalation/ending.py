"""That it is over, told to whom it woke: by the ways that were used, where the person wants it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from alerts.channels.telling import event_of, is_wanted
from alerts.escalation.stepping import CALLING
from alerts.models import (
    Alert,
    AlertEntry,
    Call,
    CallState,
    ContactMethod,
    EntryKind,
    Escalation,
    Event,
)
from atender.actors import SCHEDULE, ActorKind, acted_by
from atender.due.work import schedule

# The place in the escalation of a call that says so.
OVER = "over"


@transaction.atomic
def call_off(escalation_id: str, *, at: datetime) -> None:
    """Write down who hears that all alerts of an escalation are over; each way once."""
    escalation = Escalation.objects.select_for_update(no_key=True).filter(pk=escalation_id).first()
    if escalation is None:
        return
    alerts = list(escalation.alerts.select_related("monitor"))
    is_over = bool(alerts) and event_of(alerts) == Event.RESOLVE
    if not is_over or not is_wanted(Event.RESOLVE, alerts):
        return
    calls = [
        Call(escalation=escalation, place=OVER, person_id=way.person_id, method=way, due_at=at)
        for way in _ways_used(escalation).exclude(person__in=_ended_alone(alerts))
    ]
    Call.objects.bulk_create(calls, ignore_conflicts=True)
    for call in escalation.calls.filter(place=OVER, state=CallState.WAITING):
        schedule(CALLING, call.pk, at=call.due_at)


def _ways_used(escalation: Escalation) -> QuerySet[ContactMethod]:
    sent = escalation.calls.filter(state=CallState.SENT).exclude(place=OVER)
    return ContactMethod.objects.filter(
        pk__in=sent.values("method"),
        person__is_active=True,
        hears_recovery=True,
        verified_at__isnull=False,
    )


def _ended_alone(alerts: list[Alert]) -> list[str]:
    """Return the person who resolved all of them, if one did: they need not be told."""
    endings = AlertEntry.objects.filter(alert__in=alerts, kind=EntryKind.RESOLVED)
    who = set(endings.values_list("by_kind", "by_id"))
    return [by_id for kind, by_id in who if len(who) == 1 and kind == ActorKind.PERSON]


def write_down(call: Call, said: str, *, at: datetime) -> None:
    """Add to the timelines of a call's alerts that it was said that they are over."""
    AlertEntry.objects.bulk_create(
        AlertEntry(alert=alert, kind=EntryKind.TOLD, text=said, at=at, **acted_by(SCHEDULE))
        for alert in call.escalation.alerts.all()
    )
