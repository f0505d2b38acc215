"""Advice on a title while it is typed."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from atender.console import panels
from atender.staff.roles import Ability
from incidents.console.doors import READ, require
from incidents.models.incidents import TITLE_LENGTH
from incidents.wording import jargon_in, vague_title

PLACE = "incident.title"


@dataclass(frozen=True, slots=True)
class TitleDraft:
    """The subject of the place `incident.title`: a title that is being written."""

    title: str
    component_ids: tuple[str, ...]


@require_http_methods(list(READ))
def title_hint(request: HttpRequest) -> HttpResponse:
    """A fragment: what the words lack, and what the apps above have to say of them."""
    require(request, Ability.READ)
    title = request.GET.get("title", "")[: TITLE_LENGTH + 1]
    draft = TitleDraft(title.strip(), tuple(request.GET.getlist("components")))
    context = {
        "vague": vague_title(title),
        "jargon": jargon_in(title),
        "advice": panels.render(PLACE, request, draft) if draft.title else [],
    }
    return render(request, "incidents/console/title_hint.html", context)
