"""What the console's forms and the API say of a value that does not fit, in the product's words.

The frameworks have sentences of their own for this. They are replaced where the frameworks keep
them, one class of field each, so that every form and every body says the same; a field with a
better sentence of its own still has it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator, URLValidator
from rest_framework import serializers

WHOLE_NUMBER = "This is no whole number; one reads 5."
NUMBER = "This is no number; one reads 0.5."
DATE = "This is no date; one reads 2026-03-29."
TIME = "This is no time of day; one reads 09:00."
MOMENT = "This is no date and time; one reads 2026-03-29 14:30."
WEB_ADDRESS = "This is no web address; one reads https://example.com/help."
EMAIL = "This is no e-mail address; one reads name@example.com."
EMPTY = "This is empty; fill it in."
CHOOSE = "Nothing is chosen; choose one."
CHOOSE_SOME = "Nothing is chosen; choose one or more."
NO_CHOICE = "“%(value)s” is none of the choices; choose one of the list."
NO_CHOICE_NOW = "This is none of the choices, or is gone by now; choose one of the list."
NO_FILE = "No file came along; choose one and send the form again."
EMPTY_FILE = "This file is empty; choose one with something in it."
FILE_OR_NONE = "A file is chosen and is to be taken away as well; do one of the two."
LONG_NAME = (
    "The file's name is too long; it has at most %(max)d characters and this one %(length)d."
)
NULLS = "This has a null character in it, which is no part of a text; leave it out."
TICK = "Tick this box, or nothing is done."
MISSING = "This is missing; the body has to name it."
TOO_SMALL = "This is too small; it is {} or more."
TOO_LARGE = "This is too large; it is {} or less."
TOO_SHORT = "This is too short; it has at least {} characters."
TOO_LONG = "This is too long; it has at most {} characters."
TOO_FEW = "These are too few; there are {} or more."
TOO_MANY = "These are too many; there are {} at most."
A_LIST = 'This is a list, as in ["one", "two"].'
# Written for REST framework, to which a single brace begins a value.
OBJECT = 'This is an object, as in {{"name": "value"}}.'

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
    _teach(forms.Field, {"required": EMPTY})
    _teach(forms.ChoiceField, {"required": CHOOSE, "invalid_choice": NO_CHOICE})
    _teach(forms.MultipleChoiceField, {"required": CHOOSE_SOME, "invalid_choice": NO_CHOICE})
    gone = {"invalid_choice": NO_CHOICE_NOW}
    _teach(forms.ModelChoiceField, {"required": CHOOSE, **gone})
    _teach(forms.ModelMultipleChoiceField, {"required": CHOOSE_SOME, **gone})
    _teach(forms.BooleanField, {"required": TICK})
    _teach(forms.URLField, {"invalid": WEB_ADDRESS})
    # What a model checks, whose fields were made before.
    URLValidator.message = WEB_ADDRESS
    ProhibitNullCharactersValidator.message = NULLS
    _teach(forms.CharField, lengths)
    files = {"invalid": NO_FILE, "missing": NO_FILE, "empty": EMPTY_FILE, "max_length": LONG_NAME}
    _teach(forms.FileField, {**files, "contradiction": FILE_OR_NONE})
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
        "not_a_list": A_LIST,
        "empty": "This list is empty; it needs an entry.",
        "min_length": TOO_FEW.format("{min_length}"),
        "max_length": TOO_MANY.format("{max_length}"),
    }
    null = "This is null, where a value is needed."
    _teach(serializers.Field, {"required": MISSING, "null": null})
    _teach(serializers.ChoiceField, {"invalid_choice": "'{input}' is none of the choices here."})
    _teach(serializers.BooleanField, {"invalid": "This is true or false."})
    _teach(serializers.DictField, {"not_a_dict": OBJECT})
    _teach(serializers.Serializer, {"invalid": OBJECT})
    _teach(serializers.ListSerializer, {"not_a_list": A_LIST})
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
