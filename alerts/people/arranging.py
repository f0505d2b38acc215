"""The verbs of groups, schedules and policies: whom alerts call, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from alerts.models import (
    AlertChannel,
    EscalationPolicy,
    EscalationStep,
    NotificationGroup,
    Override,
    Schedule,
    ScheduleMember,
)
from alerts.models.people import NAME_LENGTH
from alerts.people.seeing import check_seen, step_facts
from atender.actors import Actor
from atender.deeds import note
from atender.locking import held, locked
from atender.meanwhile import ids_of
from atender.refusals import Refused
from atender.staff.models import User
from atender.texts import clean_line
from atender.turns import take_turns
from atender.zones import zone_named

R = TypeVar("R", NotificationGroup, Schedule, EscalationPolicy)
LONGEST_WAIT_S = 86_400
MOST_REPEATS = 9
MOST_STEPS = 20
LONGEST_OVERRIDE = timedelta(days=366)


@transaction.atomic
def save_group(
    group: NotificationGroup | None,
    *,
    by: Actor,
    name: str | None = None,
    people: Sequence[User] | None = None,
    schedules: Sequence[Schedule] | None = None,
    channels: Sequence[AlertChannel] | None = None,
    seen: str | None = None,
) -> NotificationGroup:
    """Create a group, or change the fields that are given.

    `seen` is what its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    group, name = _held(NotificationGroup, group), _line(name)
    parts = {"people": people, "schedules": schedules, "channels": channels}
    wanted = {part: ids_of(records) for part, records in parts.items() if records is not None}
    check_seen(group, {"name": name, **wanted}, seen=seen)
    group = _named(group, name)
    group.save()
    if people is not None:
        group.people.set(people)
    if schedules is not None:
        group.schedules.set(schedules)
    if channels is not None:
        group.channels.set(channels)
    note("notification_group.saved", group.pk, by=by, name=group.name)
    return group


@transaction.atomic
def save_schedule(
    schedule: Schedule | None,
    *,
    by: Actor,
    name: str | None = None,
    time_zone: str | None = None,
    starts_on: date | None = None,
    handover_at: time | None = None,
    people: Sequence[User] | None = None,
    seen: str | None = None,
) -> Schedule:
    """Create a schedule, or change the fields that are given; `people` take turns in order.

    `seen` is what its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    schedule, name = _held(Schedule, schedule), _line(name)
    wanted = {
        "name": name,
        "time_zone": time_zone,
        "starts_on": starts_on and starts_on.isoformat(),
        "handover_at": handover_at and handover_at.isoformat(),
        "people": None if people is None else [person.pk for person in people],
    }
    check_seen(schedule, wanted, seen=seen)
    schedule = _named(schedule, name)
    if time_zone is not None:
        schedule.time_zone = zone_named(time_zone).key
    schedule.starts_on = starts_on or schedule.starts_on
    schedule.handover_at = handover_at or schedule.handover_at
    schedule.save()
    if people is not None:
        schedule.members.all().delete()
        ScheduleMember.objects.bulk_create(
            ScheduleMember(schedule=schedule, person=person, position=place)
            for place, person in enumerate(people)
        )
    note("schedule.saved", schedule.pk, by=by, name=schedule.name)
    return schedule


@transaction.atomic
def add_override(
    schedule: Schedule,
    person: User,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    at: datetime | None = None,
) -> Override:
    """Let somebody stand in, from a time that may be past to one ahead. Idempotent.

    Raises Refused.
    """
    if ends_at <= starts_at:
        raise Refused("It ends after it starts.", field="ends_at")
    if ends_at <= (at or timezone.now()):
        raise Refused("It is over already; choose an end that lies ahead.", field="ends_at")
    if ends_at - starts_at > LONGEST_OVERRIDE:
        raise Refused(
            f"Somebody stands in for at most {LONGEST_OVERRIDE.days} days; change the rotation "
            "where it is for longer.",
            field="ends_at",
        )
    # Of two clicks at once the second finds what the first has written.
    locked(Schedule.objects.all(), schedule)
    asked = {"schedule": schedule, "person": person, "starts_at": starts_at, "ends_at": ends_at}
    if (standing := Override.objects.filter(**asked).first()) is not None:
        return standing
    override = Override.objects.create(**asked)
    note("schedule.overridden", schedule.pk, by=by, name=schedule.name, person=person.pk)
    return override


@transaction.atomic
def delete_override(override: Override, *, by: Actor) -> None:
    override = locked(Override.objects.all(), override, to_delete=True)
    note("schedule.override_deleted", override.schedule_id, by=by, person=override.person_id)
    override.delete()


@dataclass(frozen=True, slots=True)
class Step:
    """Who is called, and how long they have before the next step."""

    wait_s: int = 300
    people: Sequence[User] = ()
    schedules: Sequence[Schedule] = ()
    groups: Sequence[NotificationGroup] = ()


@transaction.atomic
def save_policy(
    policy: EscalationPolicy | None,
    *,
    by: Actor,
    name: str | None = None,
    repeats: int | None = None,
    steps: Sequence[Step] | None = None,
    seen: str | None = None,
    **changes: Any,
) -> EscalationPolicy:
    """Create a policy, or change the fields given, also `last_resort` and `is_fallback`.

    There is one fallback: the policy that was made it last. `seen` is what its author saw of it,
    by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    policy, name = _held(EscalationPolicy, policy), _line(name)
    check_seen(policy, _wanted(name, repeats, steps, changes), seen=seen)
    policy = _named(policy, name)
    if repeats is not None:
        policy.repeats = _within(repeats, 0, MOST_REPEATS, "repeats", "times")
    if "last_resort" in changes:
        group = changes["last_resort"]
        policy.last_resort = group and held(group)
    if "is_fallback" in changes:
        policy.is_fallback = changes["is_fallback"]
        if policy.is_fallback:
            EscalationPolicy.objects.filter(is_fallback=True).update(is_fallback=False)
    policy.save()
    if steps is not None:
        _replace_steps(policy, steps)
    note("escalation_policy.saved", policy.pk, by=by, name=policy.name)
    return policy


def _wanted(
    name: str | None, repeats: int | None, steps: Sequence[Step] | None, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """What is asked of a policy, as its facts would be afterwards."""
    facts = None
    if steps is not None:
        facts = [step_facts(one.wait_s, one.people, one.schedules, one.groups) for one in steps]
    wanted = {"name": name, "repeats": repeats, "steps": facts, **changes}
    if "last_resort" in wanted:
        group = wanted["last_resort"]
        wanted["last_resort"] = group.pk if group else ""
    return wanted


def _replace_steps(policy: EscalationPolicy, steps: Sequence[Step]) -> None:
    _within(len(steps), 1, MOST_STEPS, "steps", "steps")
    policy.steps.all().delete()
    for place, step in enumerate(steps):
        if not (step.people or step.schedules or step.groups):
            raise Refused(
                f"Step {place + 1} calls nobody; give it people, a schedule or a group.",
                field="steps",
            )
        row = EscalationStep.objects.create(
            policy=policy,
            position=place,
            wait_s=_within(step.wait_s, 0, LONGEST_WAIT_S, "steps", "seconds of waiting"),
        )
        row.people.set(step.people)
        row.schedules.set(map(held, step.schedules))
        row.groups.set(map(held, step.groups))


@transaction.atomic
def delete(record: R, *, by: Actor) -> None:
    """Delete a group, schedule or policy; monitors and steps that named it call nobody there."""
    # Else whoever is saving it at this moment would write it anew.
    record = _held(type(record), record, to_delete=True)
    kind = str(record._meta.verbose_name).replace(" ", "_")
    note(f"{kind}.deleted", record.pk, by=by, name=record.name)
    record.delete()


def _held(kind: type[R], record: R | None, *, to_delete: bool = False) -> R:
    """Return a record as it is now, or a new one; nobody else saves one of its kind meanwhile.

    So of two at once that take a name, or become the fallback, the second sees the first.
    """
    take_turns("arranging")
    if record is None:
        return kind()
    return held(record, to_delete=to_delete)


def _line(name: str | None) -> str | None:
    """Return a name as it is kept, and none where it stays. Raises Refused."""
    if name is None:
        return None
    return clean_line(name, field="name", noun="A name", longest=NAME_LENGTH)


def _named(record: R, name: str | None) -> R:
    if name is None:
        return record
    noun = str(record._meta.verbose_name)
    rows: models.Manager[Any] = type(record)._default_manager
    if rows.filter(name=name).exclude(pk=record.pk if not record._state.adding else None).exists():
        raise Refused(f"There is a {noun} '{name}' already; choose another name.", field="name")
    record.name = name
    return record


def _within(value: int, low: int, high: int, field: str, noun: str) -> int:
    if not low <= value <= high:
        raise Refused(f"It takes {low} to {high:,} {noun}; this is {value:,}.", field=field)
    return value
