"""The verbs by which a page's sections and the order in them are arranged by hand.

A page that nobody arranged follows the groups of components and their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from atender.actors import Actor
from atender.locking import locked
from atender.meanwhile import check_unchanged, digest_of
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.catalogue.pages import list_components, take_turns_in_arranging
from incidents.models import Component, Page, PageComponent, PageSection
from incidents.recording import record
from incidents.signals import components_changed

MOST = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A section and its components, in order; the one without a name has no heading.

    `key` is the id of the section, or of the group that it stands for so far.
    """

    key: str
    name: str
    component_ids: tuple[str, ...] = ()


def arrangement_of(page: Page) -> list[Place]:
    """Return the page's sections as visitors see them; the one without a heading is the last."""
    places: dict[str, tuple[str, list[str]]] = {}
    if page.is_arranged:
        places = {section.id: (section.name, []) for section in page.sections.all()}
    loose: list[str] = []
    entries = PageComponent.objects.filter(page=page)
    for entry in entries.select_related("component__group", "section"):
        heading = entry.section if page.is_arranged else entry.component.group
        if heading is None:
            loose.append(entry.component_id)
        else:
            places.setdefault(heading.id, (heading.name, []))[1].append(entry.component_id)
    named = [Place(key, name, tuple(ids)) for key, (name, ids) in places.items()]
    return [*named, Place("", "", tuple(loose))]


def seen_in(places: Iterable[Place]) -> str:
    """Return the digest that says, to `arrange_page`, that this arrangement was seen."""
    return digest_of(_facts(places))


def _facts(places: Iterable[Place]) -> list[list[Any]]:
    return [[place.name, list(place.component_ids)] for place in places]


@transaction.atomic
def arrange_page(page: Page, places: Sequence[Place], *, seen: str, by: Actor) -> Page:
    """Show exactly these sections and components, in this order. Raises Refused.

    Raises ChangedMeanwhile if it is not what the arranger saw, by `seen_in`. Idempotent.
    """
    take_turns_in_arranging()
    page = locked(Page.objects.all(), page)
    places, current = _checked(places), arrangement_of(page)
    stands, wanted = _facts(current), _facts(places)
    if page.is_arranged and wanted == stands:
        return page
    told = "somebody arranged this page since you opened it. It is shown as it stands; do it anew."
    check_unchanged(stands, wanted=wanted, seen=seen, told=told)
    before = list(page.components.all())
    sections = _keep_sections(page, [place for place in places if place.key or place.name])
    known = Component.objects.in_bulk([pk for place in places for pk in place.component_ids])
    in_order = [(known[pk], place) for place in places for pk in place.component_ids if pk in known]
    page.is_arranged = True
    page.save(update_fields=["is_arranged"])
    list_components(
        page,
        [component for component, _ in in_order],
        sections={one.pk: sections[place.name] for one, place in in_order if place.name},
    )
    record("page.arranged", page.id, by=by, at=timezone.now(), slug=page.slug)
    components_changed.send(Component, components=[*{*before, *known.values()}])
    return page


def _checked(places: Sequence[Place]) -> list[Place]:
    if len(places) > MOST:
        raise Refused(f"A page has at most {MOST} sections; this would be {len(places)}.")
    named: list[Place] = []
    names: set[str] = set()
    loose: tuple[str, ...] = ()
    for place in places:
        if not place.key and not place.name:
            loose += place.component_ids
            continue
        name = clean_line(place.name, field="name", noun="A section's name", longest=120)
        if name in names:
            raise Refused(f"Two sections are called '{name}'; give one of them another name.")
        names.add(name)
        named.append(Place(place.key, name, place.component_ids))
    return [*named, Place("", "", loose)]


def _keep_sections(page: Page, places: Sequence[Place]) -> Mapping[str, PageSection]:
    """Return the sections by name; those that stay keep their ids, which programs read."""
    known = {section.id: section for section in page.sections.all()}
    kept = {}
    for position, place in enumerate(place for place in places if place.name):
        section = known.pop(place.key, None) or PageSection(page=page)
        section.name, section.position = place.name, position
        kept[place.name] = section
    PageSection.objects.filter(pk__in=known).delete()
    for section in kept.values():
        section.save()
    return kept


@transaction.atomic
def follow_groups(page: Page, *, by: Actor) -> Page:
    """Drop the arrangement made by hand: sections and order follow the groups again."""
    take_turns_in_arranging()
    page = locked(Page.objects.all(), page)
    if not page.is_arranged:
        return page
    page.is_arranged = False
    page.save(update_fields=["is_arranged"])
    shown = list(page.components.all())
    list_as_grouped(page, shown)
    page.sections.all().delete()
    record("page.follows_groups", page.id, by=by, at=timezone.now(), slug=page.slug)
    components_changed.send(Component, components=shown)
    return page


def list_as_grouped(page: Page, components: Iterable[Component]) -> None:
    """List components as they are grouped and ordered, those without a group last."""
    list_components(page, as_grouped(components))


def as_grouped(components: Iterable[Component]) -> QuerySet[Component]:
    """Return components in the order of their groups and their own, those without a group last."""
    wanted = Component.objects.filter(pk__in=[component.pk for component in components])
    return wanted.order_by(
        F("group__position").asc(nulls_last=True), "group__name", "position", "name"
    )


def list_as_arranged(page: Page, components: Iterable[Component]) -> None:
    """List components where they were put by hand; new ones last, below their group's name."""
    wanted = {component.pk: component for component in components}
    sections = {section.id: section for section in page.sections.all()}
    by_name = {section.name: section for section in sections.values()}
    order, chosen = [], {}
    fresh = dict(wanted)
    for place in arrangement_of(page):
        ids = [pk for pk in place.component_ids if fresh.pop(pk, None)]
        if place.key:
            alike = [
                c.pk
                for c in fresh.values()
                if c.group and by_name.get(c.group.name) is not None and c.group.name == place.name
            ]
            ids += [pk for pk in alike if fresh.pop(pk)]
            chosen.update(dict.fromkeys(ids, sections[place.key]))
        order += ids
    order += list(fresh)
    list_components(page, [wanted[pk] for pk in order], sections=chosen)
