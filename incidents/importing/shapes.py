"""The records of the public JSON API v2 as other programs write them: read with tolerance. Pure.

What cannot be understood is left out with a remark; only a record without a name or a date is
unreadable as a whole.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from incidents.importing.plain_text import plain_line, plain_text
from incidents.models.imports import EXTERNAL_ID_LENGTH
from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Kind, Severity, Status
from incidents.years import FIRST, LAST

Record = Mapping[str, Any]

NAME_LENGTH = 120
DESCRIPTION_LENGTH = 500
TEXT_LENGTH = 20_000
STATES = {
    "operational": State.OPERATIONAL,
    "degraded_performance": State.DEGRADED,
    "partial_outage": State.PARTIAL_OUTAGE,
    "major_outage": State.MAJOR_OUTAGE,
    "under_maintenance": State.MAINTENANCE,
}
SEVERITIES = {
    "none": None,
    "minor": Severity.MINOR,
    "major": Severity.MAJOR,
    "critical": Severity.CRITICAL,
}
STATUSES = {
    Kind.INCIDENT: {
        "investigating": Status.INVESTIGATING,
        "identified": Status.IDENTIFIED,
        "monitoring": Status.MONITORING,
        "resolved": Status.RESOLVED,
        "postmortem": Status.RESOLVED,
    },
    Kind.MAINTENANCE: {
        "scheduled": Status.SCHEDULED,
        "in_progress": Status.IN_PROGRESS,
        "verifying": Status.VERIFYING,
        "completed": Status.COMPLETED,
    },
}
POST_MORTEM = "postmortem"
DIGITS = re.compile(r"\.(\d+)")


class Unreadable(Exception):
    """The record cannot be brought in; the sentence says why."""


@dataclass(frozen=True, slots=True)
class SourceComponent:
    name: str
    description: str
    group_id: str
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceUpdate:
    """`status` is None where the source's word for it is unknown. `states` are by component id."""

    external_id: str
    status: Status | None
    text: str
    at: datetime
    states: tuple[tuple[str, State], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceIncident:
    """`updates` are in the order of time. `components` are their ids and names."""

    kind: Kind
    title: str
    severity: Severity | None
    status: Status
    started_at: datetime
    ended_at: datetime | None
    updates: tuple[SourceUpdate, ...]
    components: tuple[tuple[str, str], ...]
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    post_mortem: str = ""
    post_mortem_at: datetime | None = None


@dataclass(slots=True)
class Remarks:
    """Sentences about what was changed or left out on the way, each once."""

    sentences: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def cut(self, text: str, longest: int, noun: str) -> str:
        if len(text) <= longest:
            return text
        self.say(
            f"{noun} had {len(text):,} characters; the first {longest:,} were kept, "
            "which is all that fits here."
        )
        return text[: longest - 1].rstrip() + "…"


def read_id(record: Record) -> str:
    """Return the id that a record has at its source, or nothing."""
    return as_id(record.get("id"))


def as_id(value: Any) -> str:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= EXTERNAL_ID_LENGTH and text.isprintable() else ""


def read_moment(value: Any) -> datetime | None:
    """Return an ISO 8601 moment, in UTC where no zone is named; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        # Some write nanoseconds, of which Python's own reader takes six digits.
        at = datetime.fromisoformat(DIGITS.sub(lambda match: f".{match[1][:6]:0<6}", value.strip()))
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if FIRST <= at.year <= LAST else None


def read_name(record: Record, noun: str, remarks: Remarks) -> str:
    name = record.get("name")
    line = plain_line(name) if isinstance(name, str) else ""
    if not line:
        raise Unreadable(f"The {noun} has no name.")
    return remarks.cut(line, NAME_LENGTH, "The name")


def read_component(record: Record, remarks: Remarks) -> SourceComponent:
    description = record.get("description")
    text = plain_text(description) if isinstance(description, str) else ""
    return SourceComponent(
        name=read_name(record, "component", remarks),
        description=remarks.cut(text, DESCRIPTION_LENGTH, "The description"),
        group_id=as_id(record.get("group_id")),
        started_at=read_moment(_as_moment(record.get("start_date")))
        or read_moment(record.get("created_at")),
    )


def in_order(components: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """Return groups and components as their page shows them, each component knowing its group."""
    groups = sorted((r for r in components if r.get("group") is True), key=_position)
    group_of = {
        as_id(member): read_id(group)
        for group in groups
        for member in entries(group.get("components"), (str, int))
    }
    places = {read_id(group): _position(group) for group in groups}
    members = [
        {**r, "group_id": as_id(r.get("group_id")) or group_of.get(read_id(r), "")}
        for r in components
        if r.get("group") is not True
    ]

    def place(member: Record) -> tuple[int, str, int]:
        group_id = member["group_id"]
        return places.get(group_id, _position(member)), group_id, _position(member)

    return groups, sorted(members, key=place)


def entries(value: Any, kinds: tuple[type, ...] = (dict,)) -> Sequence[Any]:
    """Return what a list holds of these types; nothing where there is no list."""
    return [entry for entry in value if isinstance(entry, kinds)] if isinstance(value, list) else []


def _position(record: Record) -> int:
    value = record.get("position")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000:
        return value
    return 0


def _as_moment(day: Any) -> Any:
    return f"{day}T00:00:00Z" if isinstance(day, str) and len(day) == 10 else day
