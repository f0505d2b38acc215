"""The verbs by which groups and pages are renamed and put in order."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from atender.actors import Actor
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.models import Component, ComponentGroup, Page
from incidents.models.pages import Audience
from incidents.pages import list_components
from incidents.recording import record
from incidents.signals import components_changed


@transaction.atomic
def change_group(group: ComponentGroup, *, name: str, position: int, by: Actor) -> ComponentGroup:
    """Rename a group, or move it; the pages list its components in the new order."""
    group = ComponentGroup.objects.select_for_update().get(pk=group.pk)
    line = clean_line(name, field="name", noun="A group's name", longest=120)
    if ComponentGroup.objects.filter(name=line).exclude(pk=group.pk).exists():
        raise Refused(f"There is a group '{line}' already; choose another name.", field="name")
    group.name, group.position = line, position
    group.save()
    components = list(group.components.all())
    for page in Page.objects.filter(components__in=components).distinct():
        _list_in_order(page, page.components.all())
    record("component_group.changed", group.id, by=by, at=timezone.now(), name=line)
    components_changed.send(Component, components=components)
    return group


@transaction.atomic
def show_component(component: Component, *, pages: Collection[Page], by: Actor) -> None:
    """Show a component on exactly these pages, in its place on each."""
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
    page: Page, *, name: str, audience: str, components: Sequence[Component], by: Actor
) -> Page:
    """Rename a page, say for whom it is, and which components it shows."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    page.name = clean_line(name, field="name", noun="A page's name", longest=120)
    page.audience = Audience(audience)
    page.save()
    touched = {*page.components.all(), *components}
    _list_in_order(page, components)
    record("page.changed", page.id, by=by, at=timezone.now(), slug=page.slug)
    components_changed.send(Component, components=list(touched))
    return page


def _list_in_order(page: Page, components: Collection[Component]) -> None:
    """List components as they are grouped and ordered, those without a group last."""
    wanted = Component.objects.filter(pk__in=[component.pk for component in components])
    list_components(
        page,
        wanted.order_by(
            F("group__position").asc(nulls_last=True), "group__name", "position", "name"
        ),
    )
