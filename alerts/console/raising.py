"""Page someone: an alert raised by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from alerts.by_hand.raising import raise_by_hand
from alerts.console.whom import chosen, how_called, whom_choices
from alerts.models import Alert, AlertSeverity
from alerts.models.alerts import SUMMARY_LENGTH
from alerts.routing import targets_of
from alerts.triggering import Trouble
from atender.console.doors import FORM, require, sent
from atender.console.forms import PlainForm
from atender.console.screens import screen
from atender.ids import ULID
from atender.limits.submissions import NAME
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from monitors.models import Service


class RaisingForm(PlainForm):
    summary = forms.CharField(
        label="What is wrong",
        max_length=SUMMARY_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto", "autofocus": True}),
        help_text="The first words of the message: what fails, and for whom.",
        error_messages={"required": "Say what is wrong; those who are called read it first."},
    )
    whom = forms.ChoiceField(
        label="Whom to call",
        required=False,
        error_messages={"invalid_choice": "It is gone; choose somebody else."},
    )
    service = forms.ModelChoiceField(
        Service.objects.all(),
        label="Service",
        required=False,
        empty_label="none",
        help_text="Its runbook stands beside the alert.",
        error_messages={"invalid_choice": "This service is gone; choose another one."},
    )
    severity = forms.ChoiceField(
        choices=AlertSeverity.choices,
        initial=AlertSeverity.ERROR,
        label="Severity",
        help_text="It changes nothing in who is called.",
    )
    text = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="What you know and tried; staff alone read it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom: Any = self.fields["whom"]
        whom.choices = [("", "whom the service's routing names"), *whom_choices()]


@require_http_methods(list(FORM))
def page_someone(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ACKNOWLEDGE)
    form = RaisingForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            alert, is_new = raised(form, request)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if is_new:
                messages.success(request, how_called(targets_of([alert])[alert.pk]))
            else:
                messages.info(request, "It was raised once, by the first click; here it is.")
            return redirect("admin:alerts_alert_change", alert.pk)
    return screen(
        request,
        "alerts/page_someone.html",
        title="Page someone",
        form=form,
        status=422 if form.errors else 200,
    )


def raised(form: RaisingForm, request: HttpRequest) -> tuple[Alert, bool]:
    given, submission_id = form.cleaned_data, request.POST.get(NAME, "")
    once = submission_id if ULID.fullmatch(submission_id) else ""
    trouble = Trouble(
        given["summary"],
        severity=given["severity"],
        service=given["service"],
        dedup_key=once,
        occurrence=once,
    )
    whom = chosen(given["whom"])
    return raise_by_hand(trouble, by=actor_of(request), text=given["text"], **whom)
