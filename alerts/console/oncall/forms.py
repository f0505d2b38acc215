"""What the forms of being on call are made of."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from alerts.models.people import NAME_LENGTH
from atender.refusals import Refused
from atender.staff.models import User


class PlainForm(forms.Form):
    """A form in the console's look that takes a verb's refusal beside the field it names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "")
            if kind not in ("checkbox", "radio", "hidden"):
                field.widget.attrs.setdefault("class", "input")

    def refuse(self, refusal: Refused) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.sentence)


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Those who have access, each with a box to tick."""

    def __init__(self, rows: "QuerySet[Any] | None" = None, **kwargs: Any) -> None:
        super().__init__(
            queryset=User.objects.active().order_by("name", "email") if rows is None else rows,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"}), **kwargs
        )


def say_errors(request: HttpRequest, form: forms.Form) -> None:
    """Say above what is wrong in fields that the screen does not show."""
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
