"""Query parameters, declared once for the check and for the OpenAPI document.

An undeclared parameter or an invalid value is refused, never ignored: a misspelt filter would
otherwise return everything.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from atender.api.moments import MOMENT, read_moment
from atender.digits import whole_number as read_whole_number
from atender.ids import ULID

ID_SCHEMA: dict[str, Any] = {
    "type": "string",
    "minLength": 26,
    "maxLength": 26,
    "pattern": "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter; `read` turns its text into a value or raises ValueError with a sentence."""

    name: str
    about: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    default: Any = None
    is_required: bool = False


def choice(
    name: str, about: str, choices: Collection[str], *, default: str | None = None
) -> Filter:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"'{text[:40]}' is none of {', '.join(choices)}.")
        return text

    schema = {"type": "string", "enum": list(choices)}
    if default is not None:
        schema["default"] = default
    return Filter(name, about, read, schema, default)


def record_id(name: str, about: str, *, is_required: bool = False) -> Filter:
    """Return a record's id in upper case; whether it exists is for the view to check."""

    def read(text: str) -> str:
        if not ULID.fullmatch(text):
            raise ValueError(f"'{text[:40]}' is no id; an id has 26 letters and digits.")
        return text.upper()

    return Filter(name, about, read, ID_SCHEMA, is_required=is_required)


def words(name: str, about: str, *, longest: int = 255) -> Filter:
    def read(text: str) -> str:
        if "\0" in text:
            raise ValueError(f"{name} has a null character in it; leave it out.")
        if not 1 <= len(text) <= longest:
            raise ValueError(f"{name} has 1 to {longest} characters; this one has {len(text)}.")
        return text

    schema = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": "^[^\\x00]*$"}
    return Filter(name, about, read, schema)


def whole_number(name: str, about: str, low: int, high: int, *, default: int) -> Filter:
    def read(text: str) -> int:
        number = read_whole_number(text, digits=len(str(high)))
        if number is None or not low <= number <= high:
            raise ValueError(f"'{text[:40]}' is no whole number from {low} to {high}.")
        return number

    schema = {"type": "integer", "minimum": low, "maximum": high, "default": default}
    return Filter(name, about, read, schema, default)


def moment(name: str, about: str) -> Filter:
    def read(text: str) -> datetime:
        return read_moment(text)

    return Filter(name, about, read, MOMENT)


def flag(name: str, about: str, *, default: bool | None = None) -> Filter:
    def read(text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError(f"'{text[:40]}' is neither true nor false.")
        return text == "true"

    schema: dict[str, Any] = {"type": "boolean"}
    if default is not None:
        schema["default"] = default
    return Filter(name, about, read, schema, default)


def read_filters(sent: QueryDict, filters: Sequence[Filter]) -> dict[str, Any]:
    """Return a value for every filter; raises ValidationError naming each wrong parameter."""
    wrong = {name[:40]: [_unknown(name, filters)] for name in sent if name not in _names(filters)}
    values = {}
    for one in filters:
        try:
            values[one.name] = _value(one, sent.getlist(one.name))
        except ValueError as error:
            wrong[one.name] = [f"{one.name}: {error}"]
    if wrong:
        raise ValidationError(wrong)
    return values


def _value(one: Filter, texts: list[str]) -> Any:
    if len(texts) > 1:
        raise ValueError(f"given {len(texts)} times; once is enough.")
    if not texts and one.is_required:
        raise ValueError(f"missing. {one.about}")
    return one.read(texts[0]) if texts else one.default


def _names(filters: Sequence[Filter]) -> list[str]:
    return [one.name for one in filters]


def _unknown(name: str, filters: Sequence[Filter]) -> str:
    taken = ", ".join(_names(filters)) or "no parameters"
    return f"There is no parameter '{name[:40]}'; this address takes {taken}."
