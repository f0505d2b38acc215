"""The verbs by which groups and pages are renamed and put in order."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.locking import locked
from atender.meanwhile import check_seen, digest_of, ids_of
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.catalogue.pages import take_turns_in_arranging
from incidents.catalogue.sections import as_grouped, list_as_arranged, list_as_grouped
from incidents.models import Component, ComponentGroup, Page
from incidents.models.pages import Audience
from incidents.recording import record
from incidents.signals import components_changed

M = TypeVar("M", Component, ComponentGroup)


@transaction.atomic
def change_group(
    group: ComponentGroup,
    *,
    by: Actor,
    name: str | None = None,
    position: int | None = None,
    seen: str | None = None,
) -> ComponentGroup:
    """Rename a group, or move it; the pages list its components in the new order.

    `seen` is what its author saw of it, by `seen_group`. Raises Refused, ChangedMeanwhile, Gone.
    """
    take_turns_in_arranging()
    group = locked(ComponentGroup.objects.all(), group)
    wanted = _group_facts(group)
    if name is not None:
        wanted["name"] = free_group_name(name, group)
    if position is not None:
        wanted["position"] = position
    check_seen(group, wanted, facts=_group_facts, told=_group_told, seen=seen)
    group.name, group.position = wanted["name"], wanted["position"]
    group.save()
    record("component_group.changed", group.id, by=by, at=timezone.now(), name=group.name)
    relist(group.components.all())
    return group


def seen_group(group: ComponentGroup) -> str:
    """Return the digest that says, to `change_group`, that the group was seen as it is."""
    return digest_of(_group_facts(group))


def _group_facts(group: ComponentGroup) -> dict[str, Any]:
    return {"name": group.name, "position": group.position}


def _group_told(group: ComponentGroup) -> str:
    return f"It is called “{group.name}” and is at position {group.position}."


def free_group_name(name: str, itself: ComponentGroup | None = None) -> str:
    """Return the name as it is kept; raises Refused where another group has it."""
    line = clean_line(name, field="name", noun="A group's name", longest=120)
    others = (
        ComponentGroup.objects.exclude(pk=itself.pk) if itself else ComponentGroup.objects.all()
    )
    if others.filter(name=line).exists():
        raise Refused(f"There is a group '{line}' already; choose another name.", field="name")
    return line


@transaction.atomic
def move_group(group: ComponentGroup, *, steps: int, by: Actor) -> None:
    """Move a group among the groups: -1 is one up, 1 one down."""
    take_turns_in_arranging()
    groups = list(ComponentGroup.objects.order_by("position", "name"))
    _move(groups, locked(ComponentGroup.objects.all(), group), steps)
    record("component_group.moved", group.id, by=by, at=timezone.now(), name=group.name)
    relist(Component.objects.all())


@transaction.atomic
def move_component(component: Component, *, steps: int, by: Actor) -> None:
    """Move a component within its group: -1 is one up, 1 one down."""
    take_turns_in_arranging()
    component = locked(Component.objects.all(), component)
    components = list(Component.objects.filter(group=component.group).order_by("position", "name"))
    _move(components, component, steps)
    record("component.moved", component.id, by=by, at=timezone.now(), name=component.name)
    relist(components)


def _move(rows: list[M], row: M, steps: int) -> None:
    """Renumber rows from 0 with one of them moved; at either end it stays where it is."""
    place = rows.index(row)
    rows.insert(min(max(place + steps, 0), len(rows) - 1), rows.pop(place))
    for position, one in enumerate(rows):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


@transaction.atomic
def delete_group(group: ComponentGroup, *, by: Actor) -> None:
    """Delete a group; its components stay, without a group. Raises Refused."""
    take_turns_in_arranging()
    group = locked(ComponentGroup.objects.all(), group, to_delete=True)
    components = list(group.components.all())
    names = [component.name for component in components]
    namesake = Component.objects.filter(group=None, name__in=names).first()
    if namesake:
        raise Refused(
            f"There is a component '{namesake.name}' without a group already; rename one of the "
            "two first."
        )
    group.components.update(group=None)
    record("component_group.deleted", group.id, by=by, at=timezone.now(), name=group.name)
    group.delete()
    relist(components)


def relist(components: Iterable[Component]) -> None:
    """List components anew on the pages that show them, and announce it."""
    moved = list(components)
    for page in Page.objects.filter(components__in=moved).distinct():
        _list_in_order(page, page.components.all())
    components_changed.send(Component, components=moved)


@transaction.atomic
def show_component(component: Component, *, pages: Collection[Page], by: Actor) -> None:
    """Show a component on exactly these pages, in its place on each."""
    take_turns_in_arranging()
    before = set(component.pages.all())
    for page in before | set(pages):
        listed = set(page.components.all()) - {component}
        _list_in_order(page, listed | {component} if page in pages else listed)
    if before != set(pages):
        slugs = sorted(page.slug for page in pages)
        record("component.shown", component.id, by=by, at=timezone.now(), pages=slugs)
    components_changed.send(Component, components=[component])


@transaction.atomic
def change_page(
    page: Page,
    *,
    by: Actor,
    name: str | None = None,
    audience: str | None = None,
    components: Iterable[Component] | None = None,
    seen: str | None = None,
) -> Page:
    """Rename a page, say for whom it is, or which components it shows; what is None stays.

    `seen` is what its author saw of it, by `seen_of`, if they saw it whole. A component that was
    deleted meanwhile is left out. Raises Refused, ChangedMeanwhile, and Gone.
    """
    take_turns_in_arranging()
    page = locked(Page.objects.all(), page)
    shown = list(page.components.all())
    stands = _facts(page)
    own = {"name": page.name, "audience": page.audience}
    if name is not None:
        own["name"] = clean_line(name, field="name", noun="A page's name", longest=120)
    if audience is not None:
        own["audience"] = Audience(audience)
    wanted = shown if components is None else list(as_grouped(components))
    facts = {**own, "components": ids_of(wanted)}
    if facts == stands:
        return page
    check_seen(page, facts, facts=_facts, told=_told, seen=seen)
    page.name, page.audience = own["name"], own["audience"]
    page.save(update_fields=["name", "audience"])
    if set(wanted) != set(shown):
        _list_in_order(page, wanted)
    record("page.changed", page.id, by=by, at=timezone.now(), slug=page.slug)
    components_changed.send(Component, components=[*{*shown, *wanted}])
    return page


def seen_of(page: Page) -> str:
    """Return the digest that says, to `change_page`, that the page was seen as it is."""
    return digest_of(_facts(page))


def _facts(page: Page) -> dict[str, Any]:
    shown = ids_of(page.components.all())
    return {"name": page.name, "audience": page.audience, "components": shown}


def _told(page: Page) -> str:
    whom = "everybody" if page.is_for_everybody else "partners"
    names = ", ".join(component.name for component in page.components.all()) or "no component"
    return f"It is called “{page.name}”, is for {whom} and shows {names}."


def _list_in_order(page: Page, components: Collection[Component]) -> None:
    """List components as the page was arranged by hand, else as they are grouped and ordered."""
    (list_as_arranged if page.is_arranged else list_as_grouped)(page, components)
