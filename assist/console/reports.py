"""Reports in the console: a stretch of days, each table as CSV, and one incident."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from assist.reports.charts import chart_of
from assist.reports.formats import csv_of
from assist.reports.of_period import report_on, tenants_zone
from assist.reports.periods import Period, period_between
from assist.reports.tables import Column, Table
from atender.console.doors import require
from atender.console.screens import screen
from atender.refusals import Refused
from atender.roles import Ability
from incidents.models import Page

QUICK = (7, 30, 90, 365)
# Red to grey is for severities; what is right or wrong, or neither, is coloured otherwise.
LOOKS = {
    "resolving": "calm",
    "promises": "verdicts",
    "cards": "verdicts",
    "conversations": "calm",
    "deliveries": "calm",
}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "input"})


class RangeForm(forms.Form):
    first = forms.DateField(label="From", required=False, widget=DateInput())
    last = forms.DateField(label="To, that day included", required=False, widget=DateInput())
    page = forms.ModelChoiceField(
        Page.objects.all(),
        label="Uptime of",
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "input"}),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    table: Table
    chart: SafeString
    keys: list[Column]
    look: str


@dataclass(frozen=True, slots=True)
class Wanted:
    period: Period
    page: Page
    form: RangeForm


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The figures of a period as charts that print, each with its table."""
    require(request, Ability.READ)
    wanted = _wanted(request)
    now = timezone.now()
    tables = report_on(wanted.period, wanted.page, now=now)
    today = now.astimezone(wanted.period.zone).date()
    context = {
        "form": wanted.form,
        "period": wanted.period,
        "shown": [_shown(table) for table in tables],
        "query": _query(wanted),
        "quick": [(days, Period.ending(today, wanted.period.zone, days)) for days in QUICK],
        "made_at": timezone.localtime(now),
    }
    status = 422 if wanted.form.errors else 200
    return screen(request, "assist/console/reports.html", title="Reports", status=status, **context)


@require_safe
def report_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One table of the same period as a file."""
    require(request, Ability.READ)
    wanted = _wanted(request)
    if wanted.form.errors:
        # A file of other days than were asked for would not say so.
        return reports(request)
    tables = report_on(wanted.period, wanted.page, now=timezone.now())
    table = next((table for table in tables if table.name == name), None)
    if table is None:
        raise Http404("There is no report of this name.")
    file = f"{name}-{wanted.period.first}-{wanted.period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return HttpResponse(csv_of(table), content_type="text/csv; charset=utf-8", headers=headers)


def _wanted(request: HttpRequest) -> Wanted:
    """Return the period asked for; an invalid field shows an error, and the default period."""
    zone = tenants_zone()
    today = timezone.now().astimezone(zone).date()
    default = Page.objects.filter(is_default=True).first() or Page.objects.first()
    if default is None:
        raise Http404("There is no page yet.")
    form = RangeForm(request.GET or None)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    try:
        period = period_between(given.get("first"), given.get("last"), today=today, zone=zone)
    except Refused as refused:
        form.add_error("first", refused.sentence)
        period = Period.ending(today, zone)
    page = given.get("page") or default
    if not form.errors:
        form = RangeForm(initial={"first": period.first, "last": period.last, "page": page})
    return Wanted(period, page, form)


def _query(wanted: Wanted) -> str:
    period = wanted.period
    return f"first={period.first}&last={period.last}&page={wanted.page.pk}"


def _shown(table: Table) -> Shown:
    keys = [table.column(key) for key in table.charted] if len(table.charted) > 1 else []
    return Shown(table, chart_of(table), keys, LOOKS.get(table.name, ""))
