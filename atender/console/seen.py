"""What a form's author saw of the record, carried from its showing to the verb."""

from typing import Any

from django import forms
from django.http import HttpRequest

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


class CarriesSeen:
    """Shows the `seen` of a record's form, where it has one, to whoever may change the record."""

    form: type[forms.BaseForm]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)  # type: ignore[misc]
        has_one = isinstance(getattr(self.form, "base_fields", {}).get("seen"), SeenField)
        may_change = obj is not None and self.has_change_permission(request, obj)  # type: ignore[attr-defined]
        return with_seen(shown) if has_one and may_change else shown


def with_seen(fieldsets: Any) -> Any:
    """An admin's fieldsets, the first of them with the field that carries what was seen."""
    (heading, options), *others = fieldsets
    return [(heading, {**options, "fields": [*options["fields"], "seen"]}), *others]


def note_told(form: forms.BaseForm, refusal: Refused) -> None:
    """Have a form that shows the refusal carry what the refusal tells of."""
    if isinstance(refusal, ChangedMeanwhile):
        for field in form.fields.values():
            if isinstance(field, SeenField):
                field.told_of = refusal.stands
