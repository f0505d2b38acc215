"""Waves on the first screen, and what staff decide about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from assist.models import Wave, WaveState
from assist.waves.deciding import dismiss_wave, open_from_wave, restore_wave
from assist.waves.showing import DISMISSED, dismissed_in, explained_waves, open_waves, seen_of
from atender.console import panels
from atender.console.doors import require, tried
from atender.refusals import Conflict
from atender.roles import Ability
from atender.staff.session import actor_of


def render_waves(request: HttpRequest, _subject: object = None) -> str:
    context = {
        "gone": seen_of(dismissed_in(request.GET)),
        "waves": open_waves(),
        "explained": explained_waves(),
    }
    if not any(context.values()):
        return ""
    return render_to_string("assist/console/waves.html", context, request=request)


@require_POST
def dismiss(request: HttpRequest, pk: str) -> HttpResponse:
    wave = get_object_or_404(Wave, pk=pk)
    require(request, Ability.ASSIST)
    by, back = actor_of(request), reverse("admin:index")
    is_gone = tried(request, lambda: dismiss_wave(wave, by=by))
    return redirect(f"{back}?{DISMISSED}={wave.pk}" if is_gone else back)


@require_POST
def restore(request: HttpRequest, pk: str) -> HttpResponse:
    wave = get_object_or_404(Wave, pk=pk)
    require(request, Ability.ASSIST)
    by = actor_of(request)
    said = "The dismissal is undone."
    if wave.state == WaveState.EXPLAINED:
        said = "It is shown as a wave of its own again."
    tried(request, lambda: restore_wave(wave, by=by), said)
    return redirect("admin:index")


@require_POST
def open_incident_from(request: HttpRequest, pk: str) -> HttpResponse:
    """One click: an internal incident, worded and tagged, with the conversations linked."""
    wave = get_object_or_404(Wave, pk=pk)
    require(request, Ability.DRAFT)
    try:
        incident = open_from_wave(wave, by=actor_of(request))
    except Conflict as refusal:
        messages.error(request, refusal.sentence)
        return redirect("admin:index")
    count = incident.conversations.count()
    messages.success(
        request,
        f"Opened as an internal incident, with {count} conversation{'' if count == 1 else 's'} "
        "linked. Check the words, then publish it.",
    )
    return redirect("admin:incidents_incident_change", incident.pk)


panels.register("now", render_waves, order=4)
