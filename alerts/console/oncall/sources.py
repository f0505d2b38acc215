"""Alerts in: addresses that other systems post to, and what a body of theirs would do."""

import json
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.console.oncall.forms import NameField
from alerts.console.oncall.trying import Trial, example_of, trial_of
from alerts.inbound.generic import PLACES
from alerts.inbound.sources import add_source, change_source, renew_token, seen_of
from alerts.models import InboundSource, SourceKind
from atender.console.doors import FORM, found, require, sent, tried
from atender.console.forms import AddingForm, PlainForm
from atender.console.once import keep_once, renew_once, take_once
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from atender.tenants.links import console_url
from monitors.models import Service

LONGEST_BODY = 100_000
PLACE_WORDS = {
    "summary": ("Summary", "such as check.name"),
    "severity": ("Severity", "critical, error, warning and their like are understood"),
    "status": ("Status", "says whether it is over"),
    "dedup_key": ("Key", "what stays the same while the same trouble lasts"),
    "occurrence": ("Occurrence", "tells one time from the next, such as a start time"),
    "url": ("Link", "back to the other system"),
}


class SourceForm(PlainForm):
    name = NameField()
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"),
        required=False,
        empty_label="none",
        help_text="Whose alerts they are: the responders of the service are called.",
    )

    def mapping(self) -> dict[str, Any]:
        return {}


class ChangedSourceForm(SourceForm):
    seen = SeenField()


class GenericForm(ChangedSourceForm):
    """With the paths at which a body holds each value; empty means the usual ones."""

    resolved_values = forms.CharField(
        required=False,
        label="Words that mean it is over",
        help_text="Separated by commas. Empty: resolved, ok, up, closed and their like.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PLACES:
            label, help_text = PLACE_WORDS[name]
            self.fields[name] = forms.CharField(
                required=False,
                max_length=200,
                label=label,
                help_text=f"{help_text}.".capitalize(),
                widget=forms.TextInput(attrs={"class": "input", "spellcheck": "false"}),
            )
        self.order_fields(["name", "service", *PLACES, "resolved_values"])

    def mapping(self) -> dict[str, Any]:
        given = self.cleaned_data
        places = {name: given[name].strip() for name in PLACES if given[name].strip()}
        words = [word.strip() for word in given["resolved_values"].split(",") if word.strip()]
        return {**places, "resolved_values": words} if words else places

    @property
    def places(self) -> list[Any]:
        return [self[name] for name in (*PLACES, "resolved_values")]


class NewSourceForm(AddingForm, SourceForm):
    kind = forms.ChoiceField(choices=SourceKind.choices, label="Comes from")


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    return screen(
        request,
        "alerts/oncall/sources.html",
        title="Alerts in",
        sources=InboundSource.objects.select_related("service"),
        is_arranging=may(request.user, Ability.ADMINISTER),
    )


@require_http_methods(list(FORM))
def add(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ADMINISTER)
    form = NewSourceForm(sent(request))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            name, kind, service = given["name"], given["kind"], given["service"]
            made = form.add(lambda: add_source(name, kind, by=actor_of(request), service=service))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if made is None:
                return redirect("on_call_sources")
            keep_once(request, made.pk, console_url(made.path))
            return redirect("on_call_source", made.pk)
    return screen(
        request,
        "alerts/oncall/source_new.html",
        title="New source of alerts",
        status=422 if form.errors else 200,
        form=form,
    )


@require_http_methods(list(FORM))
def one(request: HttpRequest, pk: str) -> HttpResponse:
    source = found(InboundSource.objects.select_related("service"), pk)
    if request.method == "POST":
        require(request, Ability.ADMINISTER)
    form = form_of(source, sent(request))
    if form.is_bound and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in ("name", "service")}
        if source.kind == SourceKind.GENERIC:
            changes["mapping"] = form.mapping()
        try:
            seen = form.cleaned_data["seen"]
            change_source(source, by=actor_of(request), seen=seen, **changes)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("on_call_source", source.pk)
    return _screen(request, source, form)


def form_of(source: InboundSource, given: Any) -> SourceForm:
    initial = {"name": source.name, "service": source.service_id, "seen": seen_of(source)}
    if source.kind != SourceKind.GENERIC:
        return ChangedSourceForm(given, initial=initial)
    words = ", ".join(source.mapping.get("resolved_values", ()))
    return GenericForm(given, initial={**initial, **source.mapping, "resolved_values": words})


@require_POST
def renew(request: HttpRequest, pk: str) -> HttpResponse:
    source = found(InboundSource.objects.all(), pk)
    require(request, Ability.ADMINISTER)

    def renewed() -> str:
        return console_url(renew_token(source, by=actor_of(request)).path)

    said = "It has another address; the one before opens nothing any more."
    tried(request, partial(renew_once, request, source.pk, renewed, said))
    return redirect("on_call_source", source.pk)


@require_POST
def try_body(request: HttpRequest, pk: str) -> HttpResponse:
    """Report what a body would raise and end, without doing it."""
    source = found(InboundSource.objects.select_related("service"), pk)
    require(request, Ability.ADMINISTER)
    text = request.POST.get("body", "")[:LONGEST_BODY]
    return _screen(request, source, form_of(source, None), trial=trial_of(source, text))


def _screen(
    request: HttpRequest, source: InboundSource, form: SourceForm, trial: Trial | None = None
) -> HttpResponse:
    is_arranging = may(request.user, Ability.ADMINISTER)
    example = example_of(source)
    return screen(
        request,
        "alerts/oncall/source.html",
        title=source.name,
        status=422 if form.errors else 200,
        source=source,
        form=form,
        places=form.places if isinstance(form, GenericForm) else [],
        url=take_once(request, source.pk) if is_arranging else "",
        trial=trial,
        body=trial.text if trial else json.dumps(example, indent=2) if example else "",
        can_try=source.kind != SourceKind.PAGERDUTY,
        is_arranging=is_arranging,
    )
