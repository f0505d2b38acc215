from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from atender.api.models import Scope
from atender.api.pages import page_names
from atender.console.theme import Select, TextInput
from atender.refusals import Refused

LIFETIMES = (
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "1 year"),
    ("", "until it is revoked"),
)


class KeyForm(forms.Form):
    """A key to be made; `ticket` tells a second click of the same form from another form."""

    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        required=False,
        widget=TextInput(attrs={"autofocus": True}),
        help_text="What uses it: “checkout monitoring”, “CRM”.",
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        required=False,
        choices=[(scope.value, scope.label) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        help_text="As little as it needs. “admin” includes every other.",
    )
    pages = forms.MultipleChoiceField(
        label="Its customers read these pages",
        required=False,
        choices=lambda: list(page_names().items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="For the scope “assist”: only what these pages show is said to them. None "
        "ticked: the public pages. It stays as it is afterwards.",
    )
    lifetime = forms.ChoiceField(
        label="Works for",
        choices=LIFETIMES,
        required=False,
        initial="365",
        widget=Select,
        help_text="After that its requests are answered 401.",
    )

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return timezone.now() + timedelta(days=int(days)) if days else None

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)
