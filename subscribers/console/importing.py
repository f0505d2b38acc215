"""Import of contacts from a file: upload, progress, and what came of each line."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, READ, require, sent
from atender.console.screens import screen
from atender.console.spans import length_words
from atender.console.theme import Checkbox, Select
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.models import Page
from subscribers.importing.reading import check_size
from subscribers.importing.runs import start_import
from subscribers.models import ContactImport

RUNS_SHOWN = 20
PROBLEMS_SHOWN = 200


class ContactsForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,
        help_text="UTF-8, at most 20 MB. The first line is email, and where wanted language and "
        "components.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    page = forms.ModelChoiceField(
        queryset=Page.objects.none(), widget=Select, empty_label=None, label="Subscribers of"
    )
    has_consent = forms.BooleanField(
        widget=Checkbox,
        label="Each of them agreed to get these mails",
        help_text="They are subscribed at once and get no mail to confirm it; each later mail has "
        "a link that ends it.",
        error_messages={"required": "Import only those who agreed; confirm it here."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].queryset = Page.objects.all()  # type: ignore[attr-defined]
        self.initial.setdefault("page", Page.objects.filter(is_default=True).first())

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return file


@require_http_methods(list(FORM))
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and the imports so far."""
    require(request, Ability.MANAGE_SUBSCRIBERS)
    form = ContactsForm(sent(request), request.FILES or None)
    if form.is_valid() and (run := _start(form, request)):
        return redirect("admin:subscribers_contactimport_change", run.pk)
    return screen(
        request,
        "subscribers/console/imports.html",
        title="Import subscribers",
        form=form,
        runs=ContactImport.objects.select_related("page")[:RUNS_SHOWN],
        status=422 if form.is_bound else 200,
    )


def _start(form: ContactsForm, request: HttpRequest) -> ContactImport | None:
    given = form.cleaned_data
    try:
        return start_import(given["page"], data=given["file"].read(), by=actor_of(request))
    except Refused as refused:
        form.add_error("file", refused.sentence)
    return None


@require_http_methods(list(READ))
def import_run(request: HttpRequest, pk: str) -> HttpResponse:
    """One import: how far it is while it lasts, then what came of it."""
    runs = ContactImport.objects.select_related("page")
    run = runs.filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if run is None:
        raise Http404("There is no import with this id.")
    require(request, Ability.MANAGE_SUBSCRIBERS)
    return screen(
        request,
        "subscribers/console/import_run.html",
        title="Import subscribers",
        run=run,
        problems=run.problems.all()[:PROBLEMS_SHOWN],
        unsaid=max(run.refused - PROBLEMS_SHOWN, 0),
        took=length_words(run.finished_at - run.created_at) if run.finished_at else "",
    )
