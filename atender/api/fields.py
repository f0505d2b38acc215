"""Strict serializer fields: the JSON type itself, and nothing that merely looks like it."""

from datetime import datetime, time
from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atender.api.filters import ID_SCHEMA
from atender.api.moments import read_moment
from atender.texts import keepable

MOST_IDS = 200
LONGEST_QUOTED = 40


# No text column holds the character U+0000.
WITHOUT_NULLS = {"type": "string", "pattern": r"^[^\x00]*$"}


class Text(serializers.CharField):
    """A JSON string; a number is not quietly made one. Trimming is left to the verbs."""

    default_error_messages = {"invalid": "This is a text, in quotation marks."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Words(Text):
    """What a person said, as `Text`: what of it cannot be kept is left out rather than refused.

    Programs that cut a message after so many units hand in half an emoji, and nobody can mend that.
    """

    def to_internal_value(self, data: Any) -> str:
        return keepable(super().to_internal_value(data))


@extend_schema_field(ID_SCHEMA)
class IdField(Text):
    """The id of a record; whether it exists is checked when it is looked up."""


class IdsField(serializers.ListField):
    child = IdField()

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MOST_IDS)
        super().__init__(**kwargs)


class Flag(serializers.BooleanField):
    """A JSON boolean; neither "yes" nor 1 is one."""

    default_error_messages = {"invalid": "This is true or false, without quotation marks."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)


class Number(serializers.IntegerField):
    """A whole JSON number between two bounds."""

    default_error_messages = {"invalid": "This is a whole number, without quotation marks."}

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float) or data != int(data):
            self.fail("invalid")
        return int(data)


class OneOf(serializers.ChoiceField):
    """A choice whose refusal names what can be chosen."""

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        if key != "invalid_choice":
            super().fail(key, **kwargs)
        known = ", ".join([str(one) for one in self.choices if one] + ["null"] * self.allow_null)
        quoted = str(kwargs["input"])[:LONGEST_QUOTED]
        raise serializers.ValidationError(f"'{quoted}' is none of {known}.", code=key)


class Moment(serializers.DateTimeField):
    """A time with its zone, in UTC from here on."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            raise serializers.ValidationError("This is a time, in quotation marks.")
        try:
            return read_moment(value)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


@extend_schema_field({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$"})
class ClockTime(serializers.TimeField):
    """An hour and a minute on the wall clock, as in "09:00"; its zone is said elsewhere."""

    default_error_messages = {"invalid": 'This is a time of day, as in "09:00".'}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)

    def to_internal_value(self, value: Any) -> time:
        # The library reads 9:5 as well.
        if not isinstance(value, str) or len(value) != len("09:00"):
            self.fail("invalid")
        return super().to_internal_value(value)
