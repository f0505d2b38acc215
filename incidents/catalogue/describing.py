"""A component as one form shows it: its own words and place, where it shows, and what is said."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import transaction

from atender.actors import Actor
from atender.locking import locked
from atender.meanwhile import check_seen, digest_of, ids_of
from atender.texts import clean_text
from incidents.catalogue.arranging import show_component
from incidents.catalogue.components import change_component, report_state
from incidents.catalogue.pages import take_turns_in_arranging
from incidents.catalogue.watching import watch_with
from incidents.models import Component, ComponentGroup, ComponentReport, Page
from incidents.models.vocabulary import ComponentStateName
from monitors.models import Monitor

COLUMNS = ("name", "description", "group", "position", "follows_monitors")


@dataclass(frozen=True, slots=True)
class Description:
    """All that may be said of a component at once; `reported` is its state apart from incidents."""

    name: str
    description: str
    group: ComponentGroup | None
    position: int
    follows_monitors: bool
    pages: frozenset[Page]
    reported: str
    monitors: frozenset[Monitor]

    @classmethod
    def of(cls, component: Component) -> Self:
        said = component.reports.filter(source=ComponentReport.STAFF).first()
        return cls(
            **{name: getattr(component, name) for name in COLUMNS},
            pages=frozenset(component.pages.all()),
            reported=said.state if said else ComponentStateName.OPERATIONAL,
            monitors=frozenset(Monitor.objects.filter(component_links__component=component)),
        )

    @property
    def seen(self) -> str:
        """The digest that says, to `describe_component`, that the component was seen like this."""
        return digest_of(self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """All that is said, as JSON can hold it."""
        return {
            **{name: getattr(self, name) for name in COLUMNS},
            "group": self.group.pk if self.group else None,
            "pages": ids_of(self.pages),
            "reported": self.reported,
            "monitors": ids_of(self.monitors),
        }

    def where_it_differs(self, other: "Description") -> Iterator[str]:
        """Say what it is where another is not the same."""
        if self.name != other.name:
            yield f"is called “{self.name}”"
        if self.description != other.description:
            text = self.description
            yield f"is described as “{text}”" if text else "has no description"
        if self.group != other.group:
            yield f"is in the group {self.group}" if self.group else "is in no group"
        if self.position != other.position:
            yield f"is at position {self.position}"
        if self.pages != other.pages:
            yield f"shows on {_names(self.pages) or 'no page'}"
        if self.reported != other.reported:
            yield f"is said to be {ComponentStateName(self.reported).label.lower()}"
        if self.monitors != other.monitors:
            yield f"is watched by {_names(self.monitors) or 'no monitor'}"
        if self.follows_monitors != other.follows_monitors:
            yield f"{'follows' if self.follows_monitors else 'does not follow'} its monitors"


def _names(rows: frozenset[Any]) -> str:
    return ", ".join(sorted(str(row) for row in rows))


@transaction.atomic
def describe_component(
    component: Component, wanted: Description, *, by: Actor, seen: str | None = None
) -> Component:
    """Make a component what is wanted; each part that stays as it is leaves no trace.

    `seen` is what its author saw, by `Description.seen`. Raises Refused, ChangedMeanwhile, Gone.
    """
    description = clean_text(wanted.description, field="description", longest=500)
    wanted = replace(wanted, description=description)
    take_turns_in_arranging()
    component = locked(Component.objects.all(), component)
    stands = Description.of(component)

    def told(_component: Component) -> str:
        return f"Where yours differs, it {', '.join(stands.where_it_differs(wanted))}."

    check_seen(component, wanted.facts, facts=lambda _: stands.facts, told=told, seen=seen)
    moved = {
        name: getattr(wanted, name)
        for name in COLUMNS
        if getattr(wanted, name) != getattr(stands, name)
    }
    if moved:
        component = change_component(component, by=by, **moved)
    if wanted.pages != stands.pages:
        show_component(component, pages=wanted.pages, by=by)
    if wanted.reported != stands.reported:
        report_state(component, state=wanted.reported, by=by)
    if wanted.monitors != stands.monitors:
        watch_with(component, wanted.monitors, by=by)
    return component
