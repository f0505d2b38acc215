"""Advice on a title while it is typed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from atender.console import panels
from atender.console.doors import READ, require
from atender.roles import Ability
from incidents.texts.titles import overlong
from incidents.texts.wording import jargon_advice, vague_title

PLACE = "incident.title"


@dataclass(frozen=True, slots=True)
class TitleDraft:
    """The subject of the place `incident.title`: a title that is being written."""

    title: str
    component_ids: tuple[str, ...]


@require_http_methods(list(READ))
def title_hint(request: HttpRequest) -> HttpResponse:
    """Answer a fragment: what the title lacks, and what the apps above say about it."""
    require(request, Ability.READ)
    draft = TitleDraft(request.GET.get("title", ""), tuple(request.GET.getlist("components")))
    return render(request, "incidents/console/title_hint.html", title_advice(request, draft))


def title_advice(request: HttpRequest, draft: TitleDraft) -> dict[str, Any]:
    """What the fragment `title_hint.html` is made of."""
    title = draft.title.strip()
    if too_long := overlong(title):
        return {"too_long": too_long}
    return {
        "vague": vague_title(title),
        "jargon": jargon_advice(title),
        "advice": panels.render(PLACE, request, draft) if title else [],
    }
