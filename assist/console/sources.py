"""Conversation sources in the console: who hands conversations in, and how that is set up."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from alerts.console.deleting import deleting
from assist.api.sources import source_document
from assist.console.keeping import asked_of as keeping_asked
from assist.console.keeping import screened
from assist.conversations.sources import (
    add_source,
    change_source,
    remove_source,
    rotate_secret,
    seen_of,
)
from assist.matching.languages import NAMES
from assist.models import ConversationSource, Vouching
from assist.models.doors import SOURCE_NAME_LENGTH
from atender.console.doors import FORM, found, require, sent, tried
from atender.console.forms import AddingForm, Boxes, NameField, PlainForm
from atender.console.once import keep_once, renew_once, take_once
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from atender.tenants.links import console_url
from incidents.models import Page

LANGUAGES = [("", "As each customer writes"), *NAMES.items()]
VOUCHES = [
    (Vouching.SAID, "Ask by mail, unless the program says that an address is proved"),
    (Vouching.ALWAYS, "Never ask: its customers are signed in, so their addresses are theirs"),
    (Vouching.NEVER, "Always ask by mail, whatever the program says"),
]


class SourceForm(PlainForm):
    name = NameField(
        max_length=SOURCE_NAME_LENGTH,
        help_text="What your team calls it: help desk, chat widget.",
    )
    frame_origins = forms.CharField(
        required=False,
        label="Sites that may show the side panel",
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "dir": "ltr"}),
        help_text="One a line, exactly as the browser names it: https://desk.example.com. "
        "Empty: none, and the panel stays closed to frames.",
    )
    language = forms.ChoiceField(
        choices=LANGUAGES,
        required=False,
        label="Customers are answered in",
        help_text="A fixed one is for channels in which only one is spoken.",
    )
    vouching = forms.ChoiceField(
        choices=VOUCHES,
        initial=Vouching.SAID,
        label="Before a customer gets updates by mail",
        help_text="An address that nobody proved is asked once whether it wants them.",
    )

    def clean_frame_origins(self) -> list[str]:
        return str(self.cleaned_data["frame_origins"]).split()


class ChangedSourceForm(SourceForm):
    seen = SeenField()


class NewSourceForm(AddingForm, SourceForm):
    pages = Boxes(Page.objects.order_by("-is_default", "name"))


@require_http_methods(list(FORM))
def sources(request: HttpRequest) -> HttpResponse:
    """The list, and for how long what they hand in is kept."""
    if request.method == "POST":
        require(request, Ability.ADMINISTER)
    keeping, doomed, is_done = keeping_asked(request)
    if is_done:
        messages.success(request, "Saved.")
        return redirect("assist_sources")
    return screen(
        request,
        "assist/console/sources/list.html",
        title="Conversation sources",
        status=422 if keeping.errors or doomed else 200,
        sources=ConversationSource.objects.all(),
        is_arranging=may(request.user, Ability.ADMINISTER),
        **screened(keeping, doomed),
    )


@require_http_methods(list(FORM))
def add(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ADMINISTER)
    form = NewSourceForm(sent(request))
    if form.is_bound and form.is_valid():
        names = ("pages", "frame_origins", "language", "vouching")
        given = {name: form.cleaned_data[name] for name in names}
        try:
            name, by = form.cleaned_data["name"], actor_of(request)
            made = form.add(lambda: add_source(name, by=by, **given))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if made is None:
                return redirect("assist_sources")
            keep_once(request, made.pk, made.secret)
            return redirect("assist_source", made.pk)
    return screen(
        request,
        "assist/console/sources/new.html",
        title="New source of conversations",
        status=422 if form.errors else 200,
        form=form,
    )


@require_http_methods(list(FORM))
def one(request: HttpRequest, pk: str) -> HttpResponse:
    source = found(ConversationSource.objects.all(), pk)
    if request.method == "POST":
        require(request, Ability.ADMINISTER)
    form = ChangedSourceForm(sent(request), initial=_initial(source))
    if form.is_bound and form.is_valid():
        try:
            change_source(source, by=actor_of(request), **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            tried(request, lambda: None, "Saved.")
            return redirect("assist_source", source.pk)
    return _screen(request, source, form)


@require_POST
def pause(request: HttpRequest, pk: str) -> HttpResponse:
    source = found(ConversationSource.objects.all(), pk)
    require(request, Ability.ADMINISTER)
    is_paused = request.POST.get("paused") == "1"
    said = "Paused: it takes nothing, and its panel is closed." if is_paused else "It goes on."
    by = actor_of(request)
    tried(request, lambda: change_source(source, by=by, is_paused=is_paused), said)
    return redirect("assist_source", source.pk)


@require_POST
def rotate(request: HttpRequest, pk: str) -> HttpResponse:
    source = found(ConversationSource.objects.all(), pk)
    require(request, Ability.ADMINISTER)
    at_once = request.POST.get("at_once") == "1"
    renewed = partial(rotate_secret, source, by=actor_of(request), at_once=at_once)
    tried(request, partial(renew_once, request, source.pk, renewed))
    return redirect("assist_source", source.pk)


def _follows(source: ConversationSource) -> list[str]:
    return [
        "What it sends is refused from that moment: the program gets a 404.",
        "Its side panel opens no more.",
        "Conversations that came in by it stay.",
    ]


remove = deleting(
    ConversationSource,
    remove_source,
    _follows,
    ability=Ability.ADMINISTER,
    back="assist_sources",
)


def _initial(source: ConversationSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "frame_origins": "\n".join(source.frame_origins),
        "language": source.language,
        "vouching": source.vouching,
        "seen": seen_of(source),
    }


def _screen(request: HttpRequest, source: ConversationSource, form: SourceForm) -> HttpResponse:
    is_arranging = may(request.user, Ability.ADMINISTER)
    addresses = source_document(source, console_url())
    return screen(
        request,
        "assist/console/sources/one.html",
        title=source.name,
        status=422 if form.errors else 200,
        source=source,
        form=form,
        pages=Page.objects.filter(pk__in=source.page_ids).order_by("name"),
        secret=take_once(request, source.pk) if is_arranging else "",
        addresses=addresses,
        recipes=recipes(addresses),
        is_arranging=is_arranging,
        api_docs=reverse("docs"),
    )


def recipes(addresses: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is copied into the other program: a name, a language's name, and its lines."""
    return [
        (name, told, render_to_string(f"assist/console/sources/{file}", addresses).strip())
        for name, told, file in (
            ("python", "Python", "send.py.txt"),
            ("javascript", "JavaScript (Node)", "send.mjs.txt"),
        )
    ]
