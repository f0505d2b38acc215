"""Fills the place `incident.title`: tries what customers write on a title being written."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from assist.guidance.judging import is_about, judge
from assist.guidance.phrasings import subjects_of
from atender.console import panels
from atender.ids import ULID
from incidents.console.hints import PLACE, TitleDraft
from incidents.models import Component, PageComponent

MOST_COMPONENTS, MOST_LOOKED_AT = 4, 40


def render_guidance(request: HttpRequest, draft: TitleDraft) -> str:
    context = {"judgement": judge(draft.title.strip(), names_of(draft))}
    return render_to_string("assist/console/guidance.html", context, request=request)


def names_of(draft: TitleDraft) -> list[str]:
    """Return the chosen components or, while there are none, those that the title is about.

    None if the title is about something else; the page's first if it is about nothing.
    """
    ids = [pk for pk in draft.component_ids if ULID.fullmatch(pk)]
    if ids:
        chosen = Component.objects.filter(pk__in=ids).order_by("position", "name")
        return list(chosen.values_list("name", flat=True)[:MOST_COMPONENTS])
    shown = PageComponent.objects.filter(page__is_default=True)
    names = list(shown.values_list("component__name", flat=True)[:MOST_LOOKED_AT])
    meant = [name for name in names if is_about(draft.title, name)]
    if meant or subjects_of(draft.title):
        return meant[:MOST_COMPONENTS]
    return names[:MOST_COMPONENTS]


panels.register(PLACE, render_guidance, order=20)
