"""What forms of groups, schedules and policies show: nobody undoes what they have not read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from alerts.models import EscalationPolicy, NotificationGroup, Schedule
from atender import meanwhile
from atender.meanwhile import digest_of, ids_of

Arranged = NotificationGroup | Schedule | EscalationPolicy


def seen_of(record: Arranged) -> str:
    """Return the digest that says, to the record's verb, that it was seen as it is."""
    return digest_of(_facts(record))


def check_seen(record: Arranged, wanted: Mapping[str, Any], *, seen: str | None) -> None:
    """Refuse to replace what was not seen as it stands; what is wanted as None stays.

    `wanted` are facts by the names of the verb's parts. Raises ChangedMeanwhile.
    """
    given = {name: fact for name, fact in wanted.items() if fact is not None}
    meanwhile.check_seen(record, given, facts=_facts, told=_told, seen=seen)


def step_facts(wait_s: int, *called: Iterable[models.Model]) -> list[Any]:
    return [wait_s, *map(ids_of, called)]


def _facts(record: Arranged) -> dict[str, Any]:
    if isinstance(record, NotificationGroup):
        parts = ("people", "schedules", "channels")
        return {"name": record.name, **{p: ids_of(getattr(record, p).all()) for p in parts}}
    if isinstance(record, Schedule):
        return {
            "name": record.name,
            "time_zone": record.time_zone,
            "starts_on": record.starts_on.isoformat(),
            "handover_at": record.handover_at.isoformat(),
            "people": [member.person_id for member in record.members.all()],
        }
    return {
        "name": record.name,
        "repeats": record.repeats,
        "last_resort": record.last_resort_id or "",
        "is_fallback": record.is_fallback,
        "steps": [step_facts(step.wait_s, *_called(step)) for step in _steps(record)],
    }


def _steps(policy: EscalationPolicy) -> Iterable[Any]:
    return policy.steps.prefetch_related("people", "schedules", "groups")


def _called(step: Any) -> list[Iterable[models.Model]]:
    return [step.people.all(), step.schedules.all(), step.groups.all()]


def _told(record: Arranged) -> str:
    """Say what somebody made of it, as its form would."""
    if isinstance(record, NotificationGroup):
        parts = (record.people.all(), record.schedules.all(), record.channels.all())
        return f"It is called “{record.name}” and calls {_names(*parts)}."
    if isinstance(record, Schedule):
        turns = ", ".join(str(m.person) for m in record.members.select_related("person"))
        return (
            f"It is called “{record.name}”, its turns are {turns or 'nobody’s'}, and the first "
            f"handover is on {record.starts_on} at {record.handover_at:%H:%M} ({record.time_zone})."
        )
    steps = [
        f"{_names(*_called(step))} ({round(step.wait_s / 60, 2):g} min)" for step in _steps(record)
    ]
    said = [
        f"It is called “{record.name}” and calls {', then '.join(steps) or 'nobody'}",
        {0: "once", 1: "twice"}.get(record.repeats, f"{record.repeats + 1} times"),
        f"at the end {record.last_resort or 'nobody'}",
        "for everything that names nobody" if record.is_fallback else "for what names it",
    ]
    return f"{', '.join(said)}."


def _names(*called: Iterable[models.Model]) -> str:
    return ", ".join(str(one) for part in called for one in part) or "nobody"
