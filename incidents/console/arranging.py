"""The form that arranges a page's sections by hand: numbers and arrows, no script needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, require
from atender.console.screens import screen
from atender.digits import whole_number
from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.catalogue.sections import (
    Place,
    arrange_page,
    arrangement_of,
    follow_groups,
    seen_in,
)
from incidents.console.choosing import components_in_order
from incidents.models import Component, Page

NEW = "new"
HIGHEST = 9999


class NotANumber(Refused):
    """A place that is no whole number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A component in the form: whether it is shown, in which section, at which place."""

    component: Component
    is_shown: bool
    section: str
    number: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A section in the form."""

    key: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The form as it is shown or was sent; nothing in it is checked."""

    seen: str
    headings: Sequence[Heading]
    rows: Sequence[Row]
    new_name: str = ""
    new_number: str = ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        named = [(heading.key, heading.name) for heading in self.headings]
        return [*named, (NEW, "the new section"), ("", "no section")]

    def places(self) -> list[Place]:
        """Return the arrangement asked for, in order; raises NotANumber."""
        headings = list(self.headings)
        if self.new_name.strip():
            headings.append(Heading(NEW, self.new_name, self.new_number or str(HIGHEST)))
        headings.sort(key=lambda heading: _number(heading.number, heading.name))
        shown = [row for row in self.rows if row.is_shown]
        shown.sort(key=lambda row: _number(row.number, row.component.name))
        known = {heading.key for heading in headings}
        found = [
            Place(
                "" if heading.key == NEW else heading.key,
                heading.name,
                tuple(row.component.id for row in shown if row.section == heading.key),
            )
            for heading in headings
        ]
        loose = tuple(row.component.id for row in shown if row.section not in known)
        return [*found, Place("", "", loose)]


def _number(text: str, name: str) -> int:
    number = whole_number(text.strip() or str(HIGHEST), digits=4)
    if number is None:
        raise NotANumber(
            f"The place of '{name[:60]}' is a whole number from 0 to {HIGHEST}; this is "
            f"'{text[:20]}'."
        )
    return number


def desk_of(page: Page) -> Desk:
    places = arrangement_of(page)
    where = {pk: (p.key, n) for p in places for n, pk in enumerate(p.component_ids, start=1)}
    known = list(components_in_order())
    order = {pk: place for place, pk in enumerate(where)}
    known.sort(key=lambda component: order.get(component.pk, len(order)))
    rows = [Row(one, one.pk in where, *_texts(where.get(one.pk, ("", 0)))) for one in known]
    headings = [
        Heading(place.key, place.name, str(n)) for n, place in enumerate(places[:-1], start=1)
    ]
    return Desk(seen_in(places), headings, rows)


def _texts(place: tuple[str, int]) -> tuple[str, str]:
    return place[0], str(place[1] or "")


def sent_desk(page: Page, given: QueryDict) -> Desk:
    """Return the form as it was sent; what it leaves out is unchanged."""
    desk = desk_of(page)
    shown = set(given.getlist("shown"))
    rows = [
        Row(
            row.component,
            row.component.pk in shown,
            given.get(f"section_{row.component.pk}", ""),
            given.get(f"number_{row.component.pk}", ""),
        )
        for row in desk.rows
    ]
    headings = [
        Heading(
            heading.key,
            given.get(f"name_{heading.key}", heading.name),
            given.get(f"place_{heading.key}", heading.number),
        )
        for heading in desk.headings
        if f"remove_{heading.key}" not in given
    ]
    return Desk(
        given.get("seen", "")[:16],
        headings,
        rows,
        given.get("new_name", ""),
        given.get("new_number", ""),
    )


def moved(places: Sequence[Place], what: str) -> list[Place]:
    """Return the places with one component or section moved up (-1) or down (1)."""
    name, _, steps = what.partition(":")
    step = {"-1": -1, "1": 1}.get(steps)
    found = list(places)
    if step is None:
        return found
    keys = [place.key for place in found[:-1]]
    if name in keys:
        return [*_shifted(found[:-1], keys.index(name), step), found[-1]]
    for index, place in enumerate(found):
        if name in place.component_ids:
            ids = _shifted(place.component_ids, place.component_ids.index(name), step)
            found[index] = replace(place, component_ids=tuple(ids))
    return found


def _shifted(rows: Sequence[Any], index: int, step: int) -> list[Any]:
    shifted = list(rows)
    shifted.insert(min(max(index + step, 0), len(shifted) - 1), shifted.pop(index))
    return shifted


@require_http_methods(list(FORM))
def arrange(request: HttpRequest, pk: str) -> HttpResponse:
    page = get_object_or_404(Page, pk=pk)
    require(request, Ability.MANAGE_PAGES)
    if request.method != "POST":
        return _shown(request, page, desk_of(page))
    desk = sent_desk(page, request.POST)
    try:
        if "follow" in request.POST:
            follow_groups(page, by=actor_of(request))
            messages.success(request, f"{page.name} follows the groups of components again.")
        else:
            places = moved(desk.places(), request.POST.get("move", ""))
            arrange_page(page, places, seen=desk.seen, by=actor_of(request))
            messages.success(request, f"{page.name} is arranged so; visitors see it at once.")
    except ChangedMeanwhile as refusal:
        return _shown(request, page, desk_of(page), refusal.sentence)
    except Refused as refusal:
        return _shown(request, page, desk, refusal.sentence)
    return redirect("admin:incidents_page_arrange", page.pk)


def _shown(request: HttpRequest, page: Page, desk: Desk, wrong: str = "") -> HttpResponse:
    context: Mapping[str, Any] = {"page": page, "desk": desk, "wrong": wrong}
    return screen(
        request,
        "incidents/console/arrange.html",
        title=f"Sections of {page.name}",
        status=422 if wrong else 200,
        **context,
    )
