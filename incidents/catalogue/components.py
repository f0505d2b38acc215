"""The verbs of components and their groups."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.locking import locked
from atender.refusals import Refused
from atender.texts import clean_line, clean_text
from incidents.catalogue.arranging import free_group_name, relist, show_component
from incidents.catalogue.pages import take_turns_in_arranging
from incidents.catalogue.sections import list_as_arranged
from incidents.impacts import check_state
from incidents.models import Component, ComponentGroup, ComponentReport, Page, PageComponent
from incidents.models.vocabulary import ComponentStateName
from incidents.recording import record
from incidents.signals import components_changed
from incidents.states import derive_states, forget_states


@transaction.atomic
def add_component(
    name: str,
    *,
    by: Actor,
    description: str = "",
    group: ComponentGroup | None = None,
    position: int | None = None,
    pages: Iterable[Page] | None = None,
    started_at: datetime | None = None,
) -> Component:
    """Add a component at the end of its group, and to the default page unless told otherwise.

    Its uptime counts from now, or from a given time in the past.
    """
    take_turns_in_arranging()
    name = free_component_name(name, group)
    component = Component.objects.create(
        name=name,
        description=clean_text(description, field="description", longest=500),
        group=group,
        position=Component.objects.count() if position is None else position,
        started_at=started_at or timezone.now(),
    )
    for page in Page.objects.filter(is_default=True) if pages is None else pages:
        PageComponent.objects.create(page=page, component=component, position=component.position)
        if page.is_arranged:
            list_as_arranged(page, page.components.all())
    record("component.added", component.id, by=by, at=timezone.now(), name=name)
    components_changed.send(Component, components=[component])
    return component


@transaction.atomic
def change_component(component: Component, *, by: Actor, **changes: Any) -> Component:
    """Change name, description, group, position, or whether its state follows monitors.

    Another place among the components is another place on the pages that show it.
    """
    take_turns_in_arranging()
    component = locked(Component.objects.all(), component)
    if "name" in changes or "group" in changes:
        group = changes.get("group", component.group)
        changes["name"] = free_component_name(changes.get("name", component.name), group, component)
    if "description" in changes:
        changes["description"] = clean_text(
            changes["description"], field="description", longest=500
        )
    for name, value in changes.items():
        setattr(component, name, value)
    component.save()
    now = timezone.now()
    derive_states([component.id], at=now)
    record("component.changed", component.id, by=by, at=now, fields=sorted(changes))
    if {"group", "position"} & set(changes):
        relist([component])
        return component
    components_changed.send(Component, components=[component])
    return component


def free_component_name(
    name: str, group: ComponentGroup | None, itself: Component | None = None
) -> str:
    """Return the name as it is kept; raises Refused where another in the group has it."""
    line = clean_line(name, field="name", noun="A component's name", longest=120)
    namesakes = Component.objects.filter(name=line, group=group)
    if itself:
        namesakes = namesakes.exclude(pk=itself.pk)
    if namesakes.exists():
        where = f"the group {group.name}" if group else "the components without a group"
        raise Refused(f"There is '{line}' among {where} already; choose another.", field="name")
    return line


@transaction.atomic
def delete_component(component: Component, *, by: Actor) -> None:
    """Take a component off every page and out of every list; past incidents go on naming it."""
    take_turns_in_arranging()
    component, now = locked(Component.objects.all(), component), timezone.now()
    show_component(component, pages=(), by=by)
    component.monitor_links.all().delete()
    component.reports.all().delete()
    forget_states(component, at=now)
    component.bury(now)
    record("component.deleted", component.id, by=by, at=now, name=component.name)
    components_changed.send(Component, components=[component])


@transaction.atomic
def add_group(name: str, *, by: Actor, position: int | None = None) -> ComponentGroup:
    take_turns_in_arranging()
    line = free_group_name(name)
    group = ComponentGroup.objects.create(
        name=line, position=ComponentGroup.objects.count() if position is None else position
    )
    record("component_group.added", group.id, by=by, at=timezone.now(), name=line)
    return group


@transaction.atomic
def report_state(component: Component, *, state: str, by: Actor) -> Component:
    """Say, as staff, how a component is apart from any incident; open incidents outrank it.

    Raises Refused for a state that there is not, and Gone.
    """
    check_state(state, field="reported")
    # Before its report, as whoever deletes it and the monitors that watch it do.
    component, now = locked(Component.objects.all(), component), timezone.now()
    ComponentReport.objects.update_or_create(
        component=component,
        source=ComponentReport.STAFF,
        defaults={"state": ComponentStateName(state), "reported_at": now},
    )
    derive_states([component.id], at=now)
    record("component.reported", component.id, by=by, at=now, state=state)
    components_changed.send(Component, components=[component])
    return component
