"""What a form's author saw of the record, carried from its showing to the verb."""

from typing import Any

from django import forms

from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused


class SeenField(forms.CharField):
    """The digest of what a form shows of its record, for the verb's `seen`; None where it has none.

    The form gives it as the field's initial value.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, empty_value=None)
        self.told_of: str | None = None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Carry what was sent, until its author has been told what stands now."""
        return self.told_of or super().bound_data(data, initial)


def note_told(form: forms.BaseForm, refusal: Refused) -> None:
    """Have a form that shows the refusal carry what the refusal tells of."""
    if isinstance(refusal, ChangedMeanwhile):
        for field in form.fields.values():
            if isinstance(field, SeenField):
                field.told_of = refusal.stands
