"""Who is on duty now, in groups, schedules and steps: people that may be called."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.models import EscalationStep, NotificationGroup, Schedule
from alerts.people.rotation import Rotation, Turn
from atender.staff.models import User


def rotation_of(schedule: Schedule) -> Rotation:
    """The schedule as a calculation; two queries, none where members and overrides are fetched."""
    overrides = sorted(schedule.overrides.all(), key=lambda override: override.pk)
    return Rotation(
        people=[member.person_id for member in schedule.members.all()],
        zone=ZoneInfo(schedule.time_zone),
        starts_on=schedule.starts_on,
        handover_at=schedule.handover_at,
        overrides=[Turn(o.person_id, o.starts_at, o.ends_at) for o in overrides],
    )


def on_duty(schedule: Schedule, at: datetime) -> str | None:
    """The id of the person whose duty it is."""
    return rotation_of(schedule).who(at)


def people_of_group(group: NotificationGroup, at: datetime) -> list[User]:
    return _people(
        [*group.people.values_list("pk", flat=True), *_on_duty(group.schedules.all(), at)]
    )


def people_of_step(step: EscalationStep, at: datetime) -> list[User]:
    ids = [*step.people.values_list("pk", flat=True), *_on_duty(step.schedules.all(), at)]
    for group in step.groups.all():
        ids += [person.pk for person in people_of_group(group, at)]
    return _people(ids)


def _on_duty(schedules: Iterable[Schedule], at: datetime) -> list[str]:
    return [person for s in schedules if (person := on_duty(s, at)) is not None]


def _people(ids: Iterable[str]) -> list[User]:
    """Return each person once, without those who lost access."""
    return list(User.objects.filter(pk__in=set(ids), is_active=True).order_by("pk"))
