"""The live preview of the composer and the opening form: what the public reads, whom it reaches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from atender.console import panels
from atender.staff.session import actor_of
from incidents.console.composer import PRIVATE, ComposerForm, next_move
from incidents.console.opening_form import OpeningForm
from incidents.models import Incident, IncidentUpdate, Page
from incidents.previewing import Preview, foresee
from incidents.texts.wording import jargon_advice
from incidents.transitions import Saying

READING, REACH = "incident.preview", "incident.reach"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A preview with what the apps above show of it, and advice on its words."""

    preview: Preview
    frames: Sequence[SafeString]
    reach: Sequence[SafeString]
    jargon: str


def foreseen(
    request: HttpRequest,
    incident: Incident,
    saying: Saying,
    *,
    pages: Sequence[Page],
    component_ids: Collection[str],
) -> Foreseen:
    preview = foresee(
        incident, saying, by=actor_of(request), pages=pages, component_ids=component_ids
    )
    has_reader = bool(pages) and preview.update is not None
    is_read = has_reader and not (preview.hides_text and not preview.is_step)
    return Foreseen(
        preview=preview,
        frames=panels.render(READING, request, preview) if is_read else (),
        reach=panels.render(REACH, request, preview) if preview.update is not None else (),
        jargon=jargon_advice(saying.body) if saying.is_public else "",
    )


def of_workspace(request: HttpRequest, incident: Incident, saying: Saying) -> Foreseen:
    """Foresee an update of an incident on the pages that show it."""
    return foreseen(
        request,
        incident,
        saying,
        pages=list(incident.pages.all()),
        component_ids=list(incident.impacts.values_list("component_id", flat=True)),
    )


def of_opening(request: HttpRequest, form: OpeningForm) -> Foreseen:
    """Foresee a new incident, as far as its form is filled in."""
    incident = form.unsaved()
    return foreseen(
        request,
        incident,
        form.saying(),
        pages=form.chosen_pages(),
        component_ids=[component.pk for component in form.chosen_components()],
    )


def as_shown(form: ComposerForm) -> Saying:
    """Return what an untouched composer's primary button would post."""
    move = next_move(form.incident)
    return Saying(
        body=form["body"].value() or "",
        status=move.status if move else None,
        is_public=form["audience"].value() != PRIVATE,
    )


def newer_updates(incident: Incident, seen: str) -> list[IncidentUpdate]:
    """Return the updates posted after the newest one that the author had seen."""
    if not seen:
        return []
    return list(incident.updates.kept().filter(id__gt=seen).order_by("id"))


def fragment(request: HttpRequest, foreseen: Foreseen, **context: Any) -> HttpResponse:
    """The parts of the screen that change while one types."""
    return render(request, "incidents/console/foreseen.html", {"foreseen": foreseen, **context})
