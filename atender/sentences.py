"""What the console's forms and the API say of a value that does not fit, in the product's words.

The frameworks have sentences of their own for this. They are replaced where the frameworks keep
them, one class of field each, so that every form and every body says the same; a field with a
better sentence of its own still has it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from rest_framework import serializers

WHOLE_NUMBER = "This is no whole number; one reads 5."
NUMBER = "This is no number; one reads 0.5."
DATE = "This is no date; one reads 2026-03-29."
TIME = "This is no time of day; one reads 09:00."
MOMENT = "This is no date and time; one reads 2026-03-29 14:30."
EMAIL = "This is no e-mail address; one reads name@example.com."
TOO_SMALL = "This is too small; it is {} or more."
TOO_LARGE = "This is too large; it is {} or less."
TOO_SHORT = "This is too short; it has at least {} characters."
TOO_LONG = "This is too long; it has at most {} characters."
TOO_FEW = "These are too few; there are {} or more."
TOO_MANY = "These are too many; there are {} at most."

# How Django and how REST framework write the limit into a sentence.
IN_FORMS = "%(limit_value)s"


def teach_forms() -> None:
    """Let forms that are defined from now on say it so."""
    bounds = {
        "min_value": TOO_SMALL.format(IN_FORMS),
        "max_value": TOO_LARGE.format(IN_FORMS),
    }
    lengths = {
        "min_length": TOO_SHORT.format(IN_FORMS),
        "max_length": TOO_LONG.format(IN_FORMS),
    }
    _teach(forms.CharField, lengths)
    _teach(forms.EmailField, {"invalid": EMAIL})
    _teach(forms.IntegerField, {"invalid": WHOLE_NUMBER, **bounds})
    _teach(forms.FloatField, {"invalid": NUMBER})
    _teach(forms.DecimalField, {"invalid": NUMBER})
    _teach(forms.DateField, {"invalid": DATE})
    _teach(forms.TimeField, {"invalid": TIME})
    _teach(forms.DateTimeField, {"invalid": MOMENT})


def teach_bodies() -> None:
    """Let the fields of bodies say it so."""
    bounds = {
        "min_value": TOO_SMALL.format("{min_value}"),
        "max_value": TOO_LARGE.format("{max_value}"),
    }
    lengths = {
        "blank": "This is empty; it needs a text.",
        "min_length": TOO_SHORT.format("{min_length}"),
        "max_length": TOO_LONG.format("{max_length}"),
    }
    counts = {
        "not_a_list": 'This is a list, as in ["one", "two"].',
        "empty": "This list is empty; it needs an entry.",
        "min_length": TOO_FEW.format("{min_length}"),
        "max_length": TOO_MANY.format("{max_length}"),
    }
    _teach(serializers.Field, {"null": "This is null, where a value is needed."})
    _teach(serializers.CharField, lengths)
    _teach(serializers.EmailField, {"invalid": EMAIL})
    _teach(serializers.IntegerField, {"invalid": WHOLE_NUMBER, **bounds})
    _teach(serializers.FloatField, {"invalid": NUMBER, **bounds})
    _teach(serializers.DecimalField, {"invalid": NUMBER, **bounds})
    _teach(serializers.DateField, {"invalid": DATE, "datetime": DATE})
    _teach(serializers.TimeField, {"invalid": TIME})
    _teach(serializers.ListField, counts)


def _teach(field: type[Any], sentences: Mapping[str, str]) -> None:
    """Replace sentences of one class; what it inherits is another class's and stays there."""
    own = vars(field).get("default_error_messages", {})
    field.default_error_messages = {**own, **sentences}
