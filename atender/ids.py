"""Record ids: UUIDv7 in the database, 26-character ULID text everywhere in Python and outside.

Crockford's base 32 (https://github.com/ulid/spec): 26 characters, the first one 0 to 7.
"""

import re
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Func

# What may be assigned to a field, and what is read from it; null adds None to both.
Set = TypeVar("Set", contravariant=True)
Get = TypeVar("Get", covariant=True)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Ten bits at a time: ids are read and written a hundred thousand times in a fan-out.
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
SHIFTS = range(120, -1, -10)
# To the digits that `int` knows for base 32.
DIGITS = str.maketrans(ALPHABET + ALPHABET.lower(), "0123456789abcdefghijklmnopqrstuv" * 2)
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE | re.ASCII)


def ulid_text(value: uuid.UUID) -> str:
    number = value.int
    return "".join([PAIRS[number >> shift & 1023] for shift in SHIFTS])


def ulid_uuid(text: str) -> uuid.UUID:
    """Read a ULID; raises ValueError when the text is none."""
    if not ULID.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is not an id: an id has 26 letters and digits.")
    return uuid.UUID(int=int(text.translate(DIGITS), 32))


def ulid_at(moment: datetime) -> str:
    """Make the id that a row made at this moment could have had: UUIDv7 (RFC 9562) as ULID text."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    number = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64
    return ulid_text(uuid.UUID(int=number | 2 << 62 | secrets.randbits(62)))


def new_ulid() -> str:
    """Make a new id, for naming a record before it exists."""
    return ulid_at(datetime.now(UTC))


class UUIDv7(Func):
    """The database's own clock and randomness, so that ids order as their rows were made."""

    template = "public.uuid_v7()"
    output_field = models.UUIDField()


class ULIDField(models.UUIDField[Set, Get]):
    """A uuid column whose Python value is ULID text."""

    # For the type checker alone: what attributes and look-ups of such a field are.
    _pyi_private_set_type: str | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: str  # type: ignore[assignment]
    _pyi_lookup_exact_type: str

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "atender.ids.ULIDField", args, kwargs

    def to_python(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, uuid.UUID):
            return ulid_text(value)
        try:
            return ulid_text(ulid_uuid(str(value)))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def from_db_value(
        self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper
    ) -> str | None:
        if value is None:
            return None
        return ulid_text(value if isinstance(value, uuid.UUID) else uuid.UUID(value))

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if isinstance(value, str):
            value = ulid_uuid(value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return None


class RecordId(ULIDField[Set, Get]):
    """The primary key of every record that an interface may name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_default", UUIDv7())
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "atender.ids.RecordId", args, kwargs


class ULIDConverter:
    """`<ulid:id>` in URL patterns."""

    regex = "[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
