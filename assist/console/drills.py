"""Fire drills in the console: the list with its comparison, and the drill itself."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assist.drills import running
from assist.drills.clock import elapsed_s
from assist.drills.running import STATUSES, arrived
from assist.drills.scenarios import LENGTH_S, SCENARIOS
from assist.models import Drill
from atender.console import navigation
from atender.console.doors import require
from atender.console.screens import screen
from atender.digits import whole_number
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of

MOST_COMPARED = 20


class TellForm(forms.Form):
    """What was written; whether it can be said is judged where it is told."""

    title = forms.CharField(required=False)
    body = forms.CharField(required=False)
    status = forms.CharField(required=False)
    promised_min = forms.IntegerField(
        required=False, error_messages={"invalid": running.WRONG_PROMISE}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def drills(request: HttpRequest) -> HttpResponse:
    """Earlier drills beside one another, and a new one."""
    require(request, Ability.READ)
    if request.method == "POST":
        require(request, Ability.POST_UPDATE)
        try:
            drill = running.start_drill(request.POST.get("scenario", ""), by=actor_of(request))
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("assist_drills")
        return redirect("assist_drill", drill.pk)
    context: dict[str, Any] = {
        "scenarios": SCENARIOS.values(),
        "minutes": LENGTH_S // 60,
        "open": Drill.objects.filter(is_open=True).first(),
        "earlier": [
            (one, SCENARIOS[one.scenario].title)
            for one in Drill.objects.filter(scorecard__isnull=False)[:MOST_COMPARED]
        ],
        "may_run": may(request.user, Ability.POST_UPDATE),
    }
    return screen(request, "assist/drills/drills.html", title="Fire drill", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def drill(request: HttpRequest, pk: str) -> HttpResponse:
    """The drill: its clock, what happens, and what is told."""
    require(request, Ability.READ)
    found = _find(pk)
    if request.method == "POST":
        require(request, Ability.POST_UPDATE)
        return _operate(request, found)
    latest = found.updates.last()
    form = TellForm(initial={"status": latest.status} if latest else None)
    return TemplateResponse(request, "assist/drills/drill.html", _context(request, found, form))


@require_safe
def state(request: HttpRequest, pk: str) -> HttpResponse:
    """The part that moves, asked for every two seconds; whoever runs it keeps the clock going."""
    require(request, Ability.READ)
    return _moving_part(request, pk)


def _moving_part(request: HttpRequest, pk: str) -> HttpResponse:
    response = TemplateResponse(
        request, "assist/drills/state.html", _context(request, _find(pk), TellForm())
    )
    if not Drill.objects.filter(pk=pk, is_open=True).exists():
        response["HX-Refresh"] = "true"
    return response


def _operate(request: HttpRequest, found: Drill) -> HttpResponse:
    deed = request.POST.get("deed", "")
    try:
        if deed == "tell":
            return _tell(request, found)
        if deed in ("link", "dismiss"):
            number = whole_number(request.POST.get("number", ""), digits=3)
            chosen = -1 if number is None else number
            running.decide(found, chosen, is_linked=deed == "link")
        elif deed in DEEDS:
            DEEDS[deed](found)
        else:
            raise Refused("Choose what is to be done.")
    except Refused as refused:
        messages.error(request, refused.sentence)
    if "HX-Request" in request.headers:
        # Beside an update that is being written, which a whole new page would throw away.
        return _moving_part(request, found.pk)
    return redirect("assist_drill", found.pk)


def _tell(request: HttpRequest, found: Drill) -> HttpResponse:
    """Post an update, or show again what was written beside what is wrong with it."""
    form = TellForm(request.POST)
    if form.is_valid():
        try:
            running.tell_drill(found, **form.cleaned_data)
        except Refused as refused:
            if refused.field is None:
                messages.error(request, refused.sentence)
            else:
                form.add_error(refused.field, refused.sentence)
        else:
            return redirect("assist_drill", found.pk)
    context = _context(request, found, form)
    return TemplateResponse(request, "assist/drills/drill.html", context, status=422)


DEEDS: dict[str, Any] = {
    "pause": running.pause_drill,
    "continue": running.continue_drill,
    "end": running.end_drill,
    "stop": running.stop_drill,
}


def _find(pk: str) -> Drill:
    found = Drill.objects.filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if found is None:
        raise Http404("There is no drill with this id.")
    return found


def _context(request: HttpRequest, found: Drill, form: TellForm) -> dict[str, Any]:
    navigation.stand_at(request, "assist_drills")
    may_run = may(request.user, Ability.POST_UPDATE)
    if may_run and found.is_open:
        found = running.look(found)
    now_s = min(elapsed_s(found, timezone.now()), LENGTH_S)
    scenario = SCENARIOS[found.scenario]
    return {
        **admin.site.each_context(request),
        "title": "Fire drill",
        "drill": found,
        "scenario": scenario,
        "now_s": now_s,
        "left_s": LENGTH_S - now_s,
        "signs": [sign for sign in scenario.signs if sign.at_s <= now_s],
        "wave": arrived(found, now_s)[::-1],
        "updates": list(found.updates.all())[::-1],
        "statuses": STATUSES,
        "form": form,
        "may_run": may_run,
        "card": found.scorecard,
    }
