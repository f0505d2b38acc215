"""The part of a form by which staff say when they will say more."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

AT = "at"
PROMISES = (
    ("", "no promise"),
    ("15", "in 15 min"),
    ("30", "in 30 min"),
    ("60", "in 1 hour"),
    (AT, "at …"),
)


class MomentInput(forms.DateTimeInput):
    """The browser's own picker; read and shown in UTC."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=False,
            widget=MomentInput(),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            help_text=help_text,
            error_messages={"invalid": "This is no date and time; one reads 2026-03-29 14:30."},
        )


class PromiseForm(forms.Form):
    promise = forms.ChoiceField(
        label="Next update",
        choices=PROMISES,
        required=False,
        help_text="Shown on the page. Now turns red here when it is late.",
    )
    promised_at = MomentField(label="Next update at, UTC")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("promised_at") and not given.get("promise"):
            given["promise"] = AT
        if given.get("promise") == AT and not given.get("promised_at") and not self._failed():
            self.add_error("promised_at", "Say at which time, or choose one of the others.")
        return given

    def _failed(self) -> bool:
        return "promised_at" in self.errors

    def next_update_by(self) -> datetime | None:
        """The moment promised, counted from now for the quick choices."""
        promise = self.cleaned_data.get("promise") or ""
        if promise.isdigit():
            return timezone.now() + timedelta(minutes=int(promise))
        if promise == AT:
            at: datetime | None = self.cleaned_data["promised_at"]
            return at
        return None
