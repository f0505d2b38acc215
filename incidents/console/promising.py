"""The part of a form by which staff say when they will say more."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from atender.console.times import clock

AT = "at"
PROMISES = (
    ("", "no promise"),
    ("15", "15 min"),
    ("30", "30 min"),
    ("60", "1 h"),
    ("120", "2 h"),
    (AT, "at …"),
)


class MomentInput(forms.DateTimeInput):
    """The browser's own picker; read and shown in the person's zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment of one's choice; where `lies_ahead`, one that has passed is refused."""

    def __init__(self, *, label: str, help_text: str = "", lies_ahead: bool = False) -> None:
        self.lies_ahead = lies_ahead
        super().__init__(
            label=label,
            required=False,
            widget=MomentInput(),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            help_text=help_text,
            error_messages={"invalid": "This is no date and time; one reads 2026-03-29 14:30."},
        )

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone" or error.params is None:
                raise
            raise forms.ValidationError(_when_clocks_move(error.params["datetime"])) from error
        return moment

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        now = timezone.now()
        if self.lies_ahead and moment is not None and moment <= now:
            raise forms.ValidationError(
                f"{clock(moment)} has passed, it is {clock(now)}; choose a moment to come."
            )
        return moment


def _when_clocks_move(local: datetime) -> str:
    """What to say of a time that its zone has twice, or not at all."""
    zone = timezone.get_current_timezone()
    back = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    twice = back == local
    how, way = ("comes twice", "back") if twice else ("does not exist", "forward")
    return (
        f"{local:%H:%M} {how} on {local.day} {local:%b %Y} in {zone}, where the clocks go {way}; "
        "choose an earlier or a later time."
    )


class PromiseForm(forms.Form):
    promise = forms.ChoiceField(
        label="Next update in",
        choices=PROMISES,
        required=False,
        help_text="A public promise beside the status. It turns red here when it is late.",
    )
    promised_at = MomentField(label="Next update at", lies_ahead=True)

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
            at: datetime | None = self.cleaned_data.get("promised_at")
            return at
        return None
