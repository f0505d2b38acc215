"""The slash command of a team's Slack: how it is set up, whether it arrives, and who is who."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import SlackApp, SlackPerson
from alerts.models.slack import USER_ID_LENGTH
from alerts.slack.keeping import forget_person, name_person, set_up, take_down
from alerts.slack.manifest import manifest
from atender.console.doors import FORM, found, require, tried
from atender.console.forms import PlainForm
from atender.console.screens import screen
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.models import User
from atender.staff.session import actor_of
from atender.tenants.links import console_url

PLACE = "on_call_slack"


class SecretForm(PlainForm):
    signing_secret = forms.CharField(
        max_length=128,
        label="Signing secret",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Of the app, under Basic Information. It is kept encrypted and not shown again.",
    )


class PersonForm(PlainForm):
    person = forms.ModelChoiceField(
        User.objects.active().order_by("name", "email"), label="Who", empty_label="Choose …"
    )
    slack_user_id = forms.CharField(
        max_length=USER_ID_LENGTH,
        label="Slack member ID",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        help_text="Such as U024BE7LH. In Slack: the profile, its three dots, “Copy member ID”.",
    )


@require_safe
def slack(request: HttpRequest) -> HttpResponse:
    return _screen(request)


def _screen(
    request: HttpRequest,
    *,
    secret_form: SecretForm | None = None,
    person_form: PersonForm | None = None,
) -> HttpResponse:
    app = SlackApp.objects.first()
    url = console_url(reverse("slack_command"))
    stranger = app.stranger_id if app else ""
    forms_shown = (secret_form, person_form)
    return screen(
        request,
        "alerts/oncall/slack.html",
        title="Slack",
        status=422 if any(form and form.errors for form in forms_shown) else 200,
        app=app,
        url=url,
        manifest=manifest(url),
        people=SlackPerson.objects.select_related("person").order_by("person__name"),
        secret_form=secret_form or SecretForm(),
        person_form=person_form or PersonForm(initial={"slack_user_id": stranger}),
        is_arranging=may(request.user, Ability.ADMINISTER),
    )


@require_POST
def keep_secret(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ADMINISTER)
    form = SecretForm(request.POST)
    if form.is_valid():
        secret = form.cleaned_data["signing_secret"]
        try:
            set_up(by=actor_of(request), signing_secret=secret, people=None)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The secret is kept. Type /incident help in Slack.")
            return redirect(PLACE)
    return _screen(request, secret_form=form)


@require_POST
def add_person(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ADMINISTER)
    form = PersonForm(request.POST)
    if form.is_valid():
        person, user_id = form.cleaned_data["person"], form.cleaned_data["slack_user_id"]
        try:
            name_person(user_id, person, by=actor_of(request))
        except Refused as refusal:
            if refusal.field is None:
                messages.error(request, refusal.sentence)
                return redirect(PLACE)
            form.refuse(refusal)
        else:
            messages.success(request, f"{person} may type commands as their role allows.")
            return redirect(PLACE)
    return _screen(request, person_form=form)


@require_POST
def remove_person(request: HttpRequest, pk: str) -> HttpResponse:
    named = found(SlackPerson.objects.select_related("person"), pk)
    require(request, Ability.ADMINISTER)
    said = f"{named.slack_user_id} is nobody here any more."
    tried(request, lambda: forget_person(named, by=actor_of(request)), said)
    return redirect(PLACE)


@require_http_methods(list(FORM))
def remove(request: HttpRequest) -> HttpResponse:
    app = SlackApp.objects.first()
    if app is None:
        raise Http404("No slash command is set up here.")
    require(request, Ability.ADMINISTER)
    if request.method == "POST":
        take_down(by=actor_of(request))
        messages.success(request, "Slack's command is not taken any more.")
        return redirect(PLACE)
    people = SlackPerson.objects.count()
    return screen(
        request,
        "alerts/oncall/delete.html",
        title="Take no command any more?",
        record="the slash command",
        follows=[
            "Whoever types it in Slack is told that it failed.",
            f"Who is who is forgotten, of {people} {'person' if people == 1 else 'people'}.",
            "Channels that tell Slack of alerts go on.",
        ],
        back=reverse(PLACE),
    )
