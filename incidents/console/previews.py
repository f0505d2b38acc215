"""The public's reading of what is being written: a fragment for scripts, else the whole screen."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from atender.console.doors import WRITE, require
from atender.ids import ULID
from atender.roles import Ability, may
from incidents.console import foreseeing
from incidents.console.composer import STILL, ComposerForm, as_considered
from incidents.console.doors import of_incident
from incidents.console.hints import title_advice
from incidents.console.opening import show_opening
from incidents.console.opening_form import OpeningForm, as_sent
from incidents.console.workspace import show_workspace
from incidents.models import Incident
from incidents.nudges.still_working import can_be_said, still_working


@of_incident(Ability.POST_UPDATE, WRITE)
def preview_update(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = ComposerForm(as_considered(request.POST, incident), incident=incident)
    form.is_valid()
    is_still = request.POST.get("considered") == STILL and can_be_said(incident)
    saying = still_working(incident, now=timezone.now()) if is_still else form.saying()
    foreseen = foreseeing.of_workspace(request, incident, saying)
    seen = request.POST.get("seen", "")
    if "X-Fragment" in request.headers:
        newer = foreseeing.newer_updates(incident, seen if ULID.fullmatch(seen) else "")
        return foreseeing.fragment(
            request, foreseen, incident=incident, newer=newer, gaps=form.gaps()
        )
    again = ComposerForm(initial=request.POST.dict(), incident=incident)
    return show_workspace(request, incident, again, foreseen=foreseen)


@require_http_methods(list(WRITE))
def preview_opening(request: HttpRequest) -> HttpResponse:
    require(request, Ability.DRAFT)
    form = OpeningForm(request.POST, may_publish=may(request.user, Ability.PUBLISH))
    form.is_valid()
    foreseen = foreseeing.of_opening(request, form)
    if "X-Fragment" in request.headers:
        advice = title_advice(request, form.title_draft())
        return foreseeing.fragment(request, foreseen, gaps=form.gaps(), **advice)
    again = OpeningForm(initial=as_sent(request.POST), may_publish=form.may_publish)
    return show_opening(request, again, foreseen=foreseen)
