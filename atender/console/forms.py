"""The parts of the console's own forms."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from atender.console.seen import note_told
from atender.ids import new_ulid
from atender.limits.submissions import is_first
from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused

M = TypeVar("M")


class PlainForm(forms.Form):
    """A form in the console's look that takes a verb's refusal beside the field it names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "")
            if kind not in ("checkbox", "radio", "hidden"):
                field.widget.attrs.setdefault("class", "input")

    def refuse(self, refusal: Refused) -> None:
        note_told(self, refusal)
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.sentence)


class AsksSecretsAgain(forms.BaseForm):
    """A form that asks for its secrets once more where it is refused, since it comes back without.

    Left empty, each of them keeps the one that is stored.
    """

    def full_clean(self) -> None:
        super().full_clean()
        for name, field in self.fields.items() if self.errors else ():
            was_given = self.data.get(self.add_prefix(name))
            is_secret = isinstance(field.widget, forms.PasswordInput)
            if is_secret and was_given and name not in self.errors:
                self.add_error(name, "Enter it once more: a page never carries it back.")

    def is_overtaken(self, check: Callable[[], None]) -> bool:
        """Whether `check` refuses, which is then said.

        Asked before a secret is: whoever did not move the server hears first that somebody did.
        """
        try:
            check()
        except ChangedMeanwhile as refusal:
            note_told(self, refusal)
            self.add_error(None, refusal.sentence)
            return True
        return False


class AddingForm(PlainForm):
    """A form that adds one record, however often it is sent."""

    submission_id = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_ulid)

    def add(self, verb: Callable[[], M]) -> M | None:
        """Return what `verb` adds, None where the first click added it. Raises Refused."""
        with transaction.atomic():
            return verb() if is_first(self.cleaned_data["submission_id"]) else None


class Boxes(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Records, each with a box to tick."""

    def __init__(self, rows: "QuerySet[Any]", **kwargs: Any) -> None:
        super().__init__(
            queryset=rows, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )


class NameField(forms.CharField):
    """A name, which may be in a script that is written from right to left."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"dir": "auto"}), **kwargs)
