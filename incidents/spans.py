"""How long a past incident kept its components in which state. Pure: no ORM, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Protocol

from incidents.models.vocabulary import (
    CLOSED,
    PATHS,
    ComponentStateName,
    Kind,
    Status,
)

OPERATIONAL = ComponentStateName.OPERATIONAL


@dataclass(frozen=True, slots=True)
class Span:
    """A component in a state other than operational, over and past."""

    component_id: str
    state: str
    started_at: datetime
    ended_at: datetime


class Entry(Protocol):
    """One entry of a timeline: the status and component states that hold from then on.

    `status` None says nothing of it. `states` are by component id.
    """

    @property
    def status(self) -> Status | None: ...

    @property
    def at(self) -> datetime: ...

    @property
    def states(self) -> Mapping[str, ComponentStateName]: ...


def spans_of(
    told: Sequence[Entry],
    defaults: Mapping[str, ComponentStateName],
    *,
    kind: Kind,
    started_at: datetime,
    until: datetime,
) -> list[Span]:
    """Return the spans of all components until a moment, which ends those that still last.

    A component that no entry mentions has its state in `defaults` while the incident lasts; one
    that some do is operational before the first. O(components × entries).
    """
    components = {*defaults, *(name for entry in told for name in entry.states)}
    steps = list(_steps(told, defaults, kind, started_at))
    return [
        span for component_id in sorted(components) for span in _walk(component_id, steps, until)
    ]


Step = tuple[datetime, Mapping[str, ComponentStateName]]


def _steps(
    told: Sequence[Entry],
    defaults: Mapping[str, ComponentStateName],
    kind: Kind,
    started_at: datetime,
) -> Iterator[Step]:
    """What holds from each entry on; nothing where the incident takes nothing out."""
    spoken_of = {name for entry in told for name in entry.states}
    states = {name: state for name, state in defaults.items() if name not in spoken_of}
    status = PATHS[kind][0]
    for place, entry in enumerate(told):
        status = entry.status or status
        states.update(entry.states)
        yield entry.at if place else started_at, dict(states) if is_felt(status) else {}


def is_felt(status: Status) -> bool:
    """Whether an incident with this status affects components."""
    return status not in CLOSED and status != Status.SCHEDULED


def _walk(component_id: str, steps: Sequence[Step], until: datetime) -> Iterator[Span]:
    points = [(at, states.get(component_id, OPERATIONAL)) for at, states in steps]
    # Of steps that change nothing for it, the first counts.
    turns = [next(same) for _, same in groupby(points, key=lambda point: point[1])]
    for (at, state), (end, _) in pairwise([*turns, (until, OPERATIONAL)]):
        if state != OPERATIONAL and at < end:
            yield Span(component_id, state, at, end)
