"""Filters in a list's address; one that means nothing is refused, never ignored."""

from collections.abc import Collection

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from atender.ids import ULID


def read_choice(request: Request, name: str, choices: Collection[str]) -> str | None:
    value = request.query_params.get(name)
    if value is not None and value not in choices:
        raise ValidationError({name: [f"{name} is one of {', '.join(choices)}."]})
    return value


def read_text(request: Request, name: str) -> str | None:
    value = request.query_params.get(name)
    if value and "\0" in value:
        raise ValidationError({name: [f"{name} has a null character in it; leave it out."]})
    return value


def read_id(request: Request, name: str) -> str | None:
    value = request.query_params.get(name)
    if value is not None and not ULID.fullmatch(value):
        raise ValidationError({name: [f"{name} is an id of 26 letters and digits."]})
    return value.upper() if value else None
