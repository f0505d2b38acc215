"""The place `incident.title`: what customers write, tried on a title that is being written."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string

from assist.guidance.judging import judge
from atender.console import panels
from atender.ids import ULID
from incidents.console.hints import PLACE, TitleDraft
from incidents.models import Component, PageComponent

MOST_COMPONENTS = 4


def render_guidance(request: HttpRequest, draft: TitleDraft) -> str:
    names = names_of(draft.component_ids)
    if not names:
        return ""
    context = {"judgement": judge(draft.title.strip(), names)}
    return render_to_string("assist/console/guidance.html", context, request=request)


def names_of(component_ids: Sequence[str]) -> list[str]:
    """The chosen components; while there are none, the first of the default page. One query."""
    ids = [pk for pk in component_ids if ULID.fullmatch(pk)]
    if ids:
        chosen = Component.objects.filter(pk__in=ids).order_by("position", "name")
        return list(chosen.values_list("name", flat=True)[:MOST_COMPONENTS])
    shown = PageComponent.objects.filter(page__is_default=True)
    return list(shown.values_list("component__name", flat=True)[:MOST_COMPONENTS])


panels.register(PLACE, render_guidance, order=20)
