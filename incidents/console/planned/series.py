"""A series as a whole: what lies ahead, changed or ended."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, WRITE, require, sent
from atender.console.screens import screen
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.console.holding import may_undo
from incidents.console.planned.planning import dates_of
from incidents.console.planned.planning_form import PlanningForm
from incidents.models import Incident, IncidentUpdate, MaintenanceSeries
from incidents.models.vocabulary import Status
from incidents.planned.occurrences import opening_on_hold
from incidents.planned.series import SeriesEnded, change_series, end_series
from incidents.recurrence import recurrence_words
from incidents.timeline import TooLateToUndo
from incidents.words import window_words

PAST_SHOWN = 5


def series_or_404(pk: str) -> MaintenanceSeries:
    series = MaintenanceSeries.objects.filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if series is None:
        raise Http404("There is no series with this id.")
    return series


@require_http_methods(list(FORM))
def series_screen(request: HttpRequest, pk: str) -> HttpResponse:
    """The times of a series, and for editors the form by which those ahead are changed."""
    series = series_or_404(pk)
    require(request, Ability.EDIT if request.method == "POST" else Ability.READ)
    form = PlanningForm(sent(request), series=series, may_publish=True)
    if request.method == "POST" and form.is_valid():
        try:
            is_told, seen = not form.cleaned_data["is_silent"], form.cleaned_data["seen"]
            change_series(series, form.plan(), by=actor_of(request), is_told=is_told, seen=seen)
        except SeriesEnded as ended:
            messages.warning(request, ended.sentence)
            return redirect("admin:incidents_maintenanceseries_change", series.pk)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Changed: the times that nobody touched follow.")
            return redirect("admin:incidents_maintenanceseries_change", series.pk)
    series.refresh_from_db()
    return screen(
        request,
        "incidents/console/planned/series.html",
        title="Maintenance that comes again",
        series=series,
        form=form,
        recurs=recurrence_words(series.recurrence),
        ahead=in_its_zone(series, ahead_of(series)),
        past=in_its_zone(series, past_of(series)),
        held=held_for(request, series),
        may_change=may(request.user, Ability.EDIT) and series.ended_at is None,
        status=422 if form.errors else 200,
        **dates_of(form),
    )


def ahead_of(series: MaintenanceSeries) -> list[Incident]:
    """What is planned or runs, soonest first."""
    return list(series.occurrences.open().order_by("scheduled_for"))


def in_its_zone(series: MaintenanceSeries, times: list[Incident]) -> list[tuple[Incident, str]]:
    """Return occurrences with their windows in the series' own time zone."""
    with timezone.override(series.zone):
        return [(one, window_words(one)) for one in times]


def past_of(series: MaintenanceSeries) -> list[Incident]:
    closed = series.occurrences.closed().order_by("-scheduled_for")
    return list(closed[:PAST_SHOWN])


def held_for(request: HttpRequest, series: MaintenanceSeries) -> IncidentUpdate | None:
    """The announcement, while this person may still take the whole series back."""
    first = series.occurrences.open().order_by("scheduled_for").first()
    opening = opening_on_hold(first) if first and series.ended_at is None else None
    return opening if opening and may_undo(request, opening) else None


@require_http_methods(list(WRITE))
def undo(request: HttpRequest, pk: str) -> HttpResponse:
    """Take a series back before anybody was told. Undone twice, it stays undone."""
    series = series_or_404(pk)
    require(request, Ability.DRAFT)
    if series.ended_at is None:
        try:
            _take_back(request, series)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("admin:incidents_maintenanceseries_change", series.pk)
    messages.success(request, "Taken back: nobody was told. What you wrote is here again.")
    return redirect(f"{reverse('admin:incidents_maintenance_add')}?like={series.pk}")


def _take_back(request: HttpRequest, series: MaintenanceSeries) -> None:
    if held_for(request, series) is None:
        raise TooLateToUndo("It is announced by now; end the series if it shall not be.")
    end_series(series, by=actor_of(request))


@require_http_methods(list(FORM))
def end(request: HttpRequest, pk: str) -> HttpResponse:
    """Ending asks once, and says what will happen to whom."""
    series = series_or_404(pk)
    require(request, Ability.EDIT)
    if request.method == "POST":
        try:
            end_series(series, by=actor_of(request), is_told="is_told" in request.POST)
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        else:
            messages.success(request, "The series has ended; what had not begun is withdrawn.")
        return redirect("admin:incidents_maintenanceseries_change", series.pk)
    waiting = series.occurrences.kept().filter(status=Status.SCHEDULED)
    return screen(
        request,
        "incidents/console/planned/end.html",
        title="End this series?",
        series=series,
        ahead=list(waiting.filter(scheduled_for__gt=timezone.now()).order_by("scheduled_for")),
    )
