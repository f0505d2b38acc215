"""Planning: one form for maintenance that happens once or repeatedly."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, WRITE, require, sent
from atender.console.screens import screen
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.console.foreseeing import Foreseen, foreseen
from incidents.console.hints import title_advice
from incidents.console.opening_form import as_sent
from incidents.console.planned.planning_form import PlanningForm, as_it_was, as_planned
from incidents.console.screens import to_workspace
from incidents.models import Incident, Kind, MaintenanceSeries
from incidents.planned.planning import plan_maintenance
from incidents.planned.series import plan_series
from incidents.recurrence import check_recurrence, recurrence_words

SHOWN = 5


@require_http_methods(list(FORM))
def planning(request: HttpRequest) -> HttpResponse:
    require(request, Ability.DRAFT)
    form = PlanningForm(
        sent(request),
        initial=_taken_back(request) or _like_a_series(request),
        may_publish=may(request.user, Ability.PUBLISH),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _planned(request, form)
        except Refused as refusal:
            form.refuse(refusal)
    return show_planning(request, form)


def _planned(request: HttpRequest, form: PlanningForm) -> HttpResponse:
    if form.comes_again:
        return _planned_series(request, form)
    incident = plan_maintenance(
        form.cleaned_data["title"],
        by=actor_of(request),
        first=form.saying(),
        facts=form.facts(),
        submission_id=form.cleaned_data["submission_id"],
    )
    if incident.deleted_at:
        messages.warning(request, "This was taken back before; nothing was planned again.")
        again = PlanningForm(initial=as_it_was(incident), may_publish=form.may_publish)
        return show_planning(request, again)
    return to_workspace(incident)


def _planned_series(request: HttpRequest, form: PlanningForm) -> HttpResponse:
    series = plan_series(
        form.plan(),
        by=actor_of(request),
        is_told=not form.cleaned_data["is_silent"],
        hold=timedelta(seconds=settings.CONSOLE_HOLD_S),
        submission_id=form.cleaned_data["submission_id"],
    )
    messages.success(request, f"Planned: {recurrence_words(series.recurrence)}.")
    return redirect("admin:incidents_maintenanceseries_change", series.pk)


def show_planning(
    request: HttpRequest, form: PlanningForm, seen: Foreseen | None = None
) -> HttpResponse:
    return screen(
        request,
        "incidents/console/planned/planning.html",
        title="Plan maintenance",
        form=form,
        hold_s=settings.CONSOLE_HOLD_S,
        foreseen=seen,
        status=422 if form.errors else 200,
        **dates_of(form),
        **title_advice(request, form.title_draft()),
    )


def dates_of(form: PlanningForm) -> dict[str, Any]:
    """The next dates of what a form describes, or why there are none."""
    if not form.is_bound or not getattr(form, "cleaned_data", None) or not form.comes_again:
        return {"dates": (), "dates_words": "", "dates_trouble": ""}
    start, end = form.cleaned_data.get("starts"), form.cleaned_data.get("ends")
    if start is None or (not form.rule_text(start)):
        return {"dates": (), "dates_words": "", "dates_trouble": "Say when the first one starts."}
    now = timezone.now()
    try:
        recurrence = form.recurrence()
        if end and end > start:
            check_recurrence(recurrence, end - start, at=now)
    except Refused as refusal:
        return {"dates": (), "dates_words": "", "dates_trouble": refusal.sentence}
    begins = max(now, recurrence.first - timedelta(seconds=1))
    dates: list[datetime] = [date.astimezone(form.zone) for date in recurrence.next(begins, SHOWN)]
    return {"dates": dates, "dates_words": recurrence_words(recurrence), "dates_trouble": ""}


@require_http_methods(list(WRITE))
def preview_planning(request: HttpRequest) -> HttpResponse:
    """What the public will read, and when: a fragment for scripts, else the whole screen."""
    require(request, Ability.DRAFT)
    form = PlanningForm(request.POST, may_publish=may(request.user, Ability.PUBLISH))
    form.is_valid()
    seen = foresee_planning(request, form)
    if "HX-Request" in request.headers:
        context = {
            "foreseen": seen,
            **dates_of(form),
            **title_advice(request, form.title_draft()),
        }
        return render(request, "incidents/console/planned/foreseen.html", context)
    again = PlanningForm(initial=as_sent(request.POST), may_publish=form.may_publish)
    return show_planning(request, again, seen)


def foresee_planning(request: HttpRequest, form: PlanningForm) -> Foreseen:
    return foreseen(
        request,
        form.unsaved(),
        form.saying(),
        pages=form.chosen_pages(),
        component_ids=[component.pk for component in form.chosen_components()],
    )


def _taken_back(request: HttpRequest) -> dict[str, object]:
    """The values of the maintenance named in `?again=`, if it was taken back."""
    pk = request.GET.get("again", "")
    if not ULID.fullmatch(pk):
        return {}
    taken = Incident.objects.filter(pk=pk, updates__withdrawn_at__isnull=False)
    gone = taken.filter(kind=Kind.MAINTENANCE).first()
    return as_it_was(gone) if gone and gone.deleted_at else {}


def _like_a_series(request: HttpRequest) -> dict[str, object]:
    """The values of the series named in `?like=`, once it has ended."""
    pk = request.GET.get("like", "")
    if not ULID.fullmatch(pk):
        return {}
    ended = MaintenanceSeries.objects.filter(pk=pk, ended_at__isnull=False).first()
    return {**as_planned(ended), "is_silent": False} if ended else {}
