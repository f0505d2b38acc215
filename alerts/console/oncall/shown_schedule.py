"""A schedule as staff read it: who has it now and next, where it has gaps, and its days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from alerts.models import Override, Schedule
from alerts.people import calendar
from alerts.people.duty import rotation_of
from alerts.people.rotation import Rotation
from atender.staff.models import User
from atender.zones import zone_name

DAYS = 14
COLOURS = 8


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has it, from when to when."""

    person: User | None
    starts_at: datetime
    ends_at: datetime | None


def with_people(schedules: QuerySet[Schedule]) -> QuerySet[Schedule]:
    """Fetch what `ShownSchedule` reads; as many queries for all of them as for one."""
    ways = "person__contact_methods"
    return schedules.prefetch_related(f"members__{ways}", f"overrides__{ways}")


class ShownSchedule:
    """A schedule that `with_people` has fetched."""

    def __init__(self, schedule: Schedule, *, at: datetime) -> None:
        self.schedule = schedule
        self.at = at
        self.zone = ZoneInfo(schedule.time_zone)
        self.rotation: Rotation = rotation_of(schedule)
        ids = list(dict.fromkeys([*self.rotation.people, *_standing_in(self.rotation)]))
        known = {member.person_id: member.person for member in schedule.members.all()}
        known |= {override.person_id: override.person for override in schedule.overrides.all()}
        self.people: Mapping[str, User] = {pk: known[pk] for pk in ids}
        self.colours = {pk: n % COLOURS for n, pk in enumerate(ids)}
        self.reachable = {pk for pk, person in self.people.items() if _is_reachable(person)}

    @property
    def able(self) -> set[str]:
        """Those who may be called: who lost access is called no more."""
        return {pk for pk, person in self.people.items() if person.is_active}

    @property
    def now(self) -> Duty:
        return self._duty(self.at)

    @property
    def next(self) -> Duty | None:
        ends_at = self.now.ends_at
        return self._duty(ends_at) if ends_at else None

    def _duty(self, at: datetime) -> Duty:
        until = at + timedelta(days=35)
        for pk, starts_at, ends_at in calendar.covered(self.rotation, at, until, self.able):
            person = self.people.get(pk) if pk else None
            return Duty(person, starts_at, ends_at if ends_at < until else None)
        return Duty(None, at, None)

    @property
    def gaps(self) -> list[tuple[datetime, datetime]]:
        until = self.at + timedelta(days=DAYS)
        return calendar.gaps(self.rotation, self.at, until, self.able)

    @property
    def warnings(self) -> list[str]:
        """Return those whose turn would call nobody, and why."""
        lost = [p for pk, p in self.people.items() if not p.is_active]
        silent = [p for pk, p in self.people.items() if p.is_active and pk not in self.reachable]
        return [
            *[f"{person} has no access any more: their turns call nobody." for person in lost],
            *[
                f"{person} has no verified way to be called: their turns call nobody."
                for person in silent
            ],
        ]

    def overrides(self) -> list[Override]:
        """Those that are not over, in the order of their beginning."""
        return [row for row in self.schedule.overrides.all() if row.ends_at > self.at]

    def days(self, first: date, zone: ZoneInfo) -> list[dict[str, Any]]:
        found = calendar.days(self.rotation, first, DAYS, zone=zone, able=self.able, now=self.at)
        today = self.at.astimezone(zone).date()
        return [
            {
                "day": day,
                "name": f"{day.date:%a} {day.date.day} {day.date:%b}",
                "is_today": day.date == today,
                "odd": "" if day.hours == 24 else f"{day.hours} hours: the clock is moved",
                "pieces": [self._piece(piece, zone) for piece in day.pieces],
                "words": self._words(day, zone),
            }
            for day in found
        ]

    def _piece(self, piece: calendar.Piece, zone: ZoneInfo) -> dict[str, Any]:
        person = self.people.get(piece.person) if piece.person else None
        return {
            "left": f"{piece.left:g}%",
            "width": f"{piece.width:g}%",
            "name": str(person) if person else "Nobody",
            "look": f"turn-{self.colours[piece.person]}" if piece.person else "turn-nobody",
            "stands_in": piece.stands_in,
        }

    def _words(self, day: calendar.Day, zone: ZoneInfo) -> str:
        """`Alice until 09:00, then Bob`; of one alone its name."""
        said = []
        for piece in day.pieces:
            name = str(self.people[piece.person]) if piece.person else "nobody"
            name += " (stands in)" if piece.stands_in else ""
            is_last = piece.ends_at >= day.ends_at
            said.append(name if is_last else f"{name} until {piece.ends_at.astimezone(zone):%H:%M}")
        return ", then ".join(said)


def _is_reachable(person: User) -> bool:
    return any(method.verified_at for method in person.contact_methods.all())


def _standing_in(rotation: Rotation) -> Sequence[str]:
    return [turn.person for turn in rotation.overrides]


def zone_words(zone: ZoneInfo, at: datetime) -> str:
    return f"{zone.key.replace('_', ' ')} ({zone_name(at.astimezone(zone))})"


def viewers_zone() -> ZoneInfo:
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
