from time import monotonic
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse

from assist.admin.servers import ServerAdmin, ServerForm
from assist.confirmation import analyze
from assist.confirmation.analyzer import LONGEST_REPLY
from assist.confirmation.machine import TO_THE_MACHINE
from assist.confirming import hear, weigh
from assist.language_model.connecting import NoAnswer
from assist.language_model.loading import load
from assist.models import LanguageModel
from atender.console.theme import TextInput, display

FAILING, WELL, OFF = "fails", "no failure", "not in use"


class LanguageModelForm(ServerForm):
    class Meta:
        model = LanguageModel
        fields = ("base_url", "model", "api_key", "is_active", "phrases_answers")


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label="A customer's reply to the offer of updates",
        initial="Sure, keep me posted",
        max_length=LONGEST_REPLY,
        widget=TextInput(attrs={"dir": "auto", "aria-describedby": "reply-help"}),
        error_messages={
            "required": "Write a reply as a customer would.",
            "max_length": "A reply that is judged has at most %(limit_value)d characters; "
            "this one has %(show_value)d.",
        },
    )


@admin.register(LanguageModel)
class LanguageModelAdmin(ServerAdmin):
    """The tenant's own model, tried on a reply before any customer depends on it."""

    form = LanguageModelForm
    empty_words = (
        "Whether a reply is a yes to updates is judged by the built-in analyzer. Add a model of "
        "yours to be asked beside it; while that fails, the built-in analyzer decides alone."
    )
    list_display = ["__str__", "base_url", "is_active", "fares"]
    fieldsets = [
        (None, {"fields": ["base_url", "model", "api_key"]}),
        ("Use", {"fields": ["is_active", "phrases_answers"]}),
    ]
    change_form_outer_after_template = "assist/console/try_model.html"

    @display(description="How it fares", label={FAILING: "danger", WELL: "success", OFF: ""})
    def fares(self, model: LanguageModel) -> str:
        if not model.is_active:
            return OFF
        return FAILING if model.trouble else WELL

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        trial = {**(extra_context or {}), "trial": ReplyForm()}
        return super().changeform_view(request, object_id, form_url, trial)

    def try_it(self, request: HttpRequest, model: LanguageModel) -> None:
        form = ReplyForm(request.POST)
        if form.is_valid():
            _tell(request, model, form.cleaned_data["reply"])
        else:
            messages.error(request, str(form.errors["reply"][0]))


def _tell(request: HttpRequest, model: LanguageModel, reply: str) -> None:
    plain = analyze(reply)
    if TO_THE_MACHINE.search(reply):
        messages.warning(
            request,
            "This reply speaks to a program, so the model is not asked, and it is no yes.",
        )
        return
    load()
    started = monotonic()
    try:
        # A person is waiting to see whether it works now, whatever it did a moment ago.
        heard = hear(reply, language=None, model=model, even_resting=True)
    except NoAnswer as error:
        messages.error(
            request, f"{error.sentence} The built-in analyzer decides about “{reply}”: {plain}."
        )
        return
    took_ms = round((monotonic() - started) * 1000)
    messages.success(
        request,
        f"“{reply}” is taken for: {weigh(plain, heard, reply, language=None)}. "
        f"The model says {heard} "
        f"(in {took_ms} ms), built in: {plain}.",
    )
