"""Bodies whose every name is known: a misspelt one is reported, never silently dropped."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import Direction
from rest_framework import serializers

LONGEST_QUOTED = 40
# What every document says of itself: who sends back what was read changes nothing by it.
ECHOED = frozenset({"id", "created_at", "created_by", "updated_at"})
# What other products and people call what is meant, the likeliest first.
MEANT: Mapping[str, Sequence[str]] = {
    "message": ("body", "initial_update", "text"),
    "description": ("body", "initial_update", "text", "summary", "message"),
    "text": ("body", "initial_update", "summary", "message"),
    "body": ("initial_update", "text", "message"),
    "update": ("initial_update", "body", "message"),
    "name": ("title", "summary"),
    "title": ("name", "summary"),
    "impact": ("severity",),
    "severity": ("impact",),
    "state": ("status", "report"),
    "status": ("state",),
    "components": ("component_impacts", "component_ids"),
    "component_ids": ("component_impacts",),
    "component_impacts": ("component_ids",),
    "pages": ("status_page_ids", "page_ids"),
    "page_ids": ("status_page_ids",),
    "page_id": ("status_page_ids", "page_ids"),
    "status_page_id": ("status_page_ids", "page_ids", "page_id"),
    "monitors": ("monitor_ids",),
    "affected_http_job_ids": ("monitor_ids",),
    "address": ("email", "url", "phone"),
    "email": ("customer_email", "owner_email"),
    "starts_at": ("scheduled_for", "started_at"),
    "ends_at": ("scheduled_until",),
    "interval": ("interval_s",),
    "timeout": ("timeout_s",),
    "private": ("public",),
    "silent": ("notify",),
}


class Bodies(serializers.ListSerializer[Any]):
    """A list of bodies, which says what one of them looks like."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            body: Any = self.child
            likeness = _likeness(body.fields)
            raise serializers.ValidationError(f"This is a list, as in [{likeness}].")
        read: list[Any] = super().to_internal_value(data)
        return read


# A request body in our own format, or in another product's whose fields we know to be all of them;
# those whose callers may send what we have no use for are no `Body`. One nested in a
# more lenient serializer is as lenient. No docstring: the OpenAPI document would show it for every
# subclass without one of its own.
class Body(serializers.Serializer[Any]):
    # Names that mean one of ours beyond doubt, and what they mean.
    also_called: ClassVar[Mapping[str, str]] = {}

    class Meta:
        list_serializer_class = Bodies

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            sentence = f"This is an object, as in {_likeness(self.fields)}."
            raise serializers.ValidationError({"non_field_errors": [sentence]})
        data = self._in_our_words(data)
        unknown = self._unknown(data)
        try:
            read: dict[str, Any] = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**_by_field(error), **unknown}) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return read

    def _in_our_words(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        given = {theirs: ours for theirs, ours in self.also_called.items() if theirs in data}
        read = {name: value for name, value in data.items() if name not in given}
        for theirs, ours in given.items():
            whole, _, part = ours.partition(".")
            if whole in data:
                # Said twice: which one holds is not for us to choose.
                return data
            read[whole] = {part: data[theirs]} if part else data[theirs]
        return read

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        if not isinstance(self.root, Body):
            return {}
        echoed = ECHOED if self.root is self else frozenset()
        names = [name for name in data if name not in self.fields and name not in echoed]
        # What is only read is no answer to what may be sent.
        taken = [name for name, field in self.fields.items() if not field.read_only]
        return {name[:LONGEST_QUOTED]: [unknown_name(name, taken)] for name in names}


def _likeness(fields: Mapping[str, serializers.Field[Any, Any, Any, Any]]) -> str:
    """Return what a body looks like at least: the names that it needs, or the first it takes."""
    taken = [name for name, field in fields.items() if not field.read_only]
    needed = [name for name in taken if fields[name].required] or taken[:1]
    return "{" + ", ".join(f'"{name}": …' for name in needed) + "}"


def _by_field(error: serializers.ValidationError) -> dict[str, Any]:
    detail = error.detail
    return dict(detail) if isinstance(detail, Mapping) else {"non_field_errors": detail}


def unknown_name(name: str, known: Collection[str], *, whose: str = "the body") -> str:
    """Say which name was probably meant, or which there are."""
    quoted = name[:LONGEST_QUOTED]
    meant = closest(name, known)
    if meant:
        return f"There is no '{quoted}' here; did you mean '{meant}'?"
    return f"There is no '{quoted}' here; {whose} takes {', '.join(known)}."


def closest(name: str, known: Collection[str]) -> str | None:
    """Return which of the known names was probably meant. Pure."""
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name[:LONGEST_QUOTED]).lower().replace("-", "_")
    longer = [each for each in known if each.endswith(f"_{snake}")]
    for candidate in (snake, *MEANT.get(snake, ()), *longer[: len(longer) == 1]):
        if candidate in known:
            return candidate
    return next(iter(get_close_matches(snake, list(known), n=1)), None)


class BodySchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """The document says that there are no other names; what is answered may grow."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        schema = dict(auto_schema._map_serializer(self.target, direction, bypass_extensions=True))
        return {**schema, "additionalProperties": False} if direction == "request" else schema
