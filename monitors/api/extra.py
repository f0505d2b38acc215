"""Fields of a monitor that belong to the apps above: its components, whom it alerts.

An app registers in `AppConfig.ready`; the resource shows, takes and stores them with its own, all
in one transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from atender.actors import Actor
from monitors.models import Monitor


@dataclass(frozen=True, slots=True)
class ExtraField:
    """`shape` makes the serializer's field, not required; `read` asks once for many monitors.

    `write` stores a value that the body named, by a verb; it may refuse.
    """

    name: str
    shape: Callable[[], serializers.Field[Any, Any, Any, Any]]
    read: Callable[[Sequence[Monitor]], Mapping[str, Any]]
    write: Callable[[Monitor, Any, Actor], None]


_fields: dict[str, ExtraField] = {}


def register(field: ExtraField) -> None:
    _fields[field.name] = field


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
    for name, field in _fields.items():
        if name in body:
            field.write(monitor, body[name], by)
