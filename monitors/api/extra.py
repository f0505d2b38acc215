"""Fields of a monitor that belong to the apps above: its components, whom it alerts.

An app registers in `AppConfig.ready`; the resource shows, takes and stores them with its own, all
in one transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from atender.actors import Actor
from monitors.models import Monitor


@dataclass(frozen=True, slots=True)
class ExtraField:
    """`shape` makes the serializer's field, not required; `read` asks once for many monitors."""

    name: str
    shape: Callable[[], serializers.Field[Any, Any, Any, Any]]
    read: Callable[[Sequence[Monitor]], Mapping[str, Any]]


# Stores, by one verb, all values of an app's fields that a body named; it may refuse.
Write = Callable[[Monitor, Mapping[str, Any], Actor], None]
_fields: dict[str, ExtraField] = {}
_writes: list[tuple[frozenset[str], Write]] = []


def register(fields: Iterable[ExtraField], *, write: Write) -> None:
    known = {field.name: field for field in fields}
    _fields.update(known)
    _writes.append((frozenset(known), write))


class WithExtraFields(serializers.Serializer[Any]):
    """A serializer that has the fields of the apps above as well."""

    def get_fields(self) -> dict[str, Any]:
        extra = {name: field.shape() for name, field in _fields.items()}
        return {**super().get_fields(), **extra}


def read_extra(monitors: Sequence[Monitor]) -> list[dict[str, Any]]:
    """The extra fields of each monitor, in their order; one call a field."""
    values = {name: field.read(monitors) for name, field in _fields.items()}
    return [{name: found[m.id] for name, found in values.items()} for m in monitors]


def write_extra(monitor: Monitor, body: Mapping[str, Any], *, by: Actor) -> None:
    for names, write in _writes:
        if given := {name: value for name, value in body.items() if name in names}:
            write(monitor, given, by)
