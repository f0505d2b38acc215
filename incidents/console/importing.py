"""Import: begin it, watch it, read what came of it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, READ, WRITE, require, sent
from atender.console.screens import screen
from atender.console.spans import length_words
from atender.console.theme import Checkbox, Select, TextInput
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.tenants.links import page_url
from incidents.importing.documents import address_of_page
from incidents.importing.progress import OVER, Progress, remarks_of
from incidents.importing.runs import start_import, stop_import
from incidents.models import ImportRun, Outcome, Page

RUNS_SHOWN = 20
REMARKS_SHOWN = 200


class ImportForm(forms.Form):
    address = forms.CharField(
        max_length=500,
        widget=TextInput(attrs={"placeholder": "https://status.example.com", "autofocus": True}),
        label="Address of the page",
        help_text="The page must speak the public JSON API v2, as hosted status pages do.",
    )
    page = forms.ModelChoiceField(
        queryset=Page.objects.none(),
        widget=Select,
        empty_label=None,
        label="Into",
        help_text="Its components and incidents will show there.",
    )
    includes_open = forms.BooleanField(
        required=False,
        initial=True,
        widget=Checkbox,
        label="Also what is open there",
        help_text="Open incidents and planned work come in as they stand, and nobody is mailed.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].queryset = Page.objects.all()  # type: ignore[attr-defined]
        self.initial.setdefault("page", Page.objects.first())

    def clean_address(self) -> str:
        try:
            return address_of_page(self.cleaned_data["address"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


@require_http_methods(list(FORM))
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and the runs so far."""
    require(request, Ability.MANAGE_PAGES)
    form = ImportForm(sent(request))
    if form.is_valid() and (run := _start(form, request)):
        return redirect("admin:incidents_importrun_change", run.pk)
    return screen(
        request,
        "incidents/console/imports.html",
        title="Import",
        form=form,
        runs=[Progress.of(run) for run in _runs()[:RUNS_SHOWN]],
        status=422 if form.is_bound else 200,
    )


def _start(form: ImportForm, request: HttpRequest) -> ImportRun | None:
    given = form.cleaned_data
    try:
        return start_import(
            given["address"],
            page=given["page"],
            by=actor_of(request),
            includes_open=given["includes_open"],
            in_background=True,
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return None


@require_http_methods(list(READ))
def import_run(request: HttpRequest, pk: str) -> HttpResponse:
    """One run: how far it is while it lasts, then what came of it."""
    run = run_or_404(pk)
    require(request, Ability.MANAGE_PAGES)
    remarks = remarks_of(run, most=REMARKS_SHOWN) if run.is_finished else []
    return screen(
        request,
        "incidents/console/import_run.html",
        title="Import",
        run=run,
        progress=Progress.of(run),
        outcomes=OVER,
        page_url=page_url(run.page_id) if run.is_finished else "",
        skipped=[item for item in remarks if item.outcome == Outcome.SKIPPED],
        changed=[item for item in remarks if item.outcome != Outcome.SKIPPED],
        has_more=len(remarks) == REMARKS_SHOWN,
        took=length_words(run.finished_at - run.started_at) if run.finished_at else "",
    )


@require_http_methods(list(WRITE))
def stop(request: HttpRequest, pk: str) -> HttpResponse:
    run = run_or_404(pk)
    require(request, Ability.MANAGE_PAGES)
    stop_import(run, by=actor_of(request))
    return redirect("admin:incidents_importrun_change", run.pk)


def run_or_404(pk: str) -> ImportRun:
    run = _runs().filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if run is None:
        raise Http404("There is no import with this id.")
    return run


def _runs() -> QuerySet[ImportRun]:
    return ImportRun.objects.select_related("page", "source")
