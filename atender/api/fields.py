"""Fields that take what JSON says and nothing that merely looks like it."""

from typing import Any

from rest_framework import serializers


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


class Flag(serializers.BooleanField):
    """A JSON boolean; neither "yes" nor 1 is one."""

    default_error_messages = {"invalid": "This is true or false, without quotation marks."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)
