"""An escalation continues step by step until somebody takes its alerts or everybody was called."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from alerts.channels.telling import tell_groups
from alerts.models import (
    Alert,
    AlertEntry,
    Call,
    CallState,
    ContactMethod,
    EntryKind,
    Escalation,
    EscalationState,
    EscalationStep,
)
from alerts.models.alerts import AlertQuerySet
from alerts.people.duty import people_of_group, people_of_step
from atender.actors import SCHEDULE, acted_by
from atender.due.work import cancel, schedule
from atender.staff.models import User
from incidents.models.vocabulary import ResponderStatus

ADVANCING = "alerts.escalate"
CALLING = "alerts.call"
# Calls by the same method this close together are one: the group's and the first step's.
TOGETHER = timedelta(seconds=20)


def unattended(escalation: Escalation, *, at: datetime) -> AlertQuerySet:
    """Return its alerts that still need somebody: not taken, not snoozed, not over."""
    alerts: AlertQuerySet = Alert.objects.unattended().filter(escalation=escalation)
    alerts = alerts.exclude(snoozed_until__gt=at)
    return alerts.exclude(
        incident__responder_status__in=[ResponderStatus.ACKNOWLEDGED, ResponderStatus.RESOLVED]
    )


@transaction.atomic
def advance(escalation_id: str, *, at: datetime) -> datetime | None:
    """Take the step that is due, or stop; returns when the next one is."""
    escalation = Escalation.objects.select_for_update(no_key=True).filter(pk=escalation_id).first()
    if escalation is None or escalation.state != EscalationState.RUNNING:
        return None
    if not unattended(escalation, at=at).exists():
        _stop(escalation)
        return None
    if escalation.next_at is None or escalation.next_at > at:
        return escalation.next_at
    steps = list(escalation.policy.steps.order_by("position")) if escalation.policy else []
    if escalation.step < len(steps):
        _take_step(escalation, steps, at=at)
    else:
        _call_the_last(escalation, at=at)
    escalation.save()
    return escalation.next_at


def _stop(escalation: Escalation) -> None:
    escalation.state = EscalationState.STOPPED
    escalation.next_at = None
    escalation.save()
    waiting = escalation.calls.filter(state=CallState.WAITING)
    for call_id in waiting.values_list("pk", flat=True):
        cancel(CALLING, call_id)
    waiting.update(state=CallState.DROPPED)


def _take_step(escalation: Escalation, steps: Sequence[EscalationStep], *, at: datetime) -> None:
    step = steps[escalation.step]
    place = f"{escalation.round}.{escalation.step}"
    people = people_of_step(step, at)
    reached = call_people(escalation, people, place=place, at=at)
    tell_groups(escalation, step.groups.all(), at=at)
    said = f"Step {escalation.step + 1}"
    if escalation.round:
        said += f", {escalation.round + 1}. round"
    names = ", ".join(person.get_full_name() for person in reached) or "nobody can be reached"
    tell(escalation, EntryKind.ESCALATED, f"{said}: {names}.", at=at)
    # Nobody waits for a step that reaches nobody.
    escalation.next_at = at + timedelta(seconds=step.wait_s if reached else 0)
    escalation.step += 1
    policy = escalation.policy
    if escalation.step == len(steps) and policy and escalation.round < policy.repeats:
        escalation.round, escalation.step = escalation.round + 1, 0


def _call_the_last(escalation: Escalation, *, at: datetime) -> None:
    """Call the last resort, if there is one, and end."""
    group = escalation.policy.last_resort if escalation.policy else None
    people = people_of_group(group, at) if group else []
    tell_groups(escalation, [group] if group else [], at=at)
    reached = call_people(escalation, people, place="last", at=at)
    names = ", ".join(person.get_full_name() for person in reached)
    text = f"Nobody took it. Last resort: {names}." if names else "Nobody took it."
    tell(escalation, EntryKind.EXHAUSTED, text, at=at)
    escalation.state, escalation.next_at = EscalationState.EXHAUSTED, None


def call_people(
    escalation: Escalation, people: Sequence[User], *, place: str, at: datetime
) -> list[User]:
    """Write down the calls of a step, each once; returns those who can be reached.

    Who is called in the same way at the same time already, by the group or another step, is not
    called twice.
    """
    methods = ContactMethod.objects.filter(person__in=people, verified_at__isnull=False).order_by(
        "person", "id"
    )
    calls = [
        Call(
            escalation=escalation,
            place=place,
            person_id=method.person_id,
            method=method,
            after_s=after_s,
            due_at=at + timedelta(seconds=after_s),
        )
        for method in methods
        for after_s in method.after_s
    ]
    known = list(escalation.calls.exclude(place=place).values_list("method_id", "due_at"))
    news = [call for call in calls if not _is_among(known, call)]
    Call.objects.bulk_create(news, ignore_conflicts=True)
    for call in escalation.calls.filter(place=place, state=CallState.WAITING):
        schedule(CALLING, call.pk, at=call.due_at)
    reached = {call.person_id for call in calls}
    return [person for person in people if person.pk in reached]


def _is_among(known: Sequence[tuple[str | None, datetime]], call: Call) -> bool:
    return any(
        method == call.method_id and abs(due_at - call.due_at) < TOGETHER
        for method, due_at in known
    )


def tell(escalation: Escalation, kind: EntryKind, text: str, *, at: datetime) -> None:
    """Add a line to the timelines of an escalation's open alerts."""
    AlertEntry.objects.bulk_create(
        AlertEntry(alert=alert, kind=kind, text=text, at=at, **acted_by(SCHEDULE))
        for alert in escalation.alerts.open()
    )
