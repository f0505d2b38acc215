"""Teaches drf-spectacular our filters, scopes, and problem documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import (
    Direction,
    OpenApiExample,
    OpenApiParameter,
    PolymorphicProxySerializer,
)

from atender.api.fields import WITHOUT_NULLS, Text, Words
from atender.api.filters import ID_SCHEMA, Filter
from atender.api.idempotency import LONGEST, VISIBLE
from atender.api.permissions import scope_for
from atender.api.resources import Resource

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": f"^{VISIBLE}+$"},
    OpenApiParameter.HEADER,
    description="The same key and body again get the first answer; nothing is created twice.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The ETag that was read; an older one is refused with 412.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The ETag that was read; while it holds, the answer is a 304 without a body.",
)
# Each may answer with a problem; `PROBLEMS` of openapi_document says what it means.
ALWAYS = ("400", "401", "403", "429")
WITH_AN_ID = ("404",)
WITH_A_BODY = ("413", "415")
CHANGING = ("409", "422")


class TextSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """What goes in has no null characters, unless a person said it; what comes out says nothing."""

    target_class = Text
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        schema = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        is_refused = direction == "request" and not isinstance(self.target, Words)
        return {**WITHOUT_NULLS, **schema} if is_refused else dict(schema)


class Schema(AutoSchema):
    """Every operation names its scope, its subject and the problems that it may answer."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation and not self._takes_a_key:
            operation["security"] = []
        elif operation:
            also = ", or `read`" if self.method == "GET" else ""
            needs = f"Scope: `{scope_for(self.view, self.method)}`{also}."
            text = operation.get("description", "")
            operation["description"] = f"{text}\n\n{needs}".strip()
        return operation

    @property
    def _takes_a_key(self) -> bool:
        """False where the token in the address is the authority."""
        return bool(self.view.authentication_classes)

    def get_description(self) -> str:  # type: ignore[override]
        """The method's own words; a class is described for those who read the code."""
        return str(get_doc(getattr(self.view, self.method.lower())))

    def get_tags(self) -> list[str]:
        subject = self.path.removeprefix("/api/v1/").split("/")[0]
        return [subject.replace("-", " ").capitalize()]

    def get_examples(self) -> list[Any]:
        own: Mapping[str, Any] = getattr(self.view, "examples", {}).get(self.method, {})
        return [OpenApiExample(name, value=own[name], request_only=True) for name in own]

    def get_override_parameters(self) -> list[Any]:
        handler = getattr(self.view, self.method.lower(), None)
        takes_key = getattr(handler, "takes_idempotency_key", False)
        filters = self.view.filters_for(self.method) if isinstance(self.view, Resource) else ()
        return [
            *map(_parameter, filters),
            *([IDEMPOTENCY_KEY] if takes_key else []),
            *([IF_NONE_MATCH] if self._may_be_unchanged else []),
        ]

    @property
    def _may_be_unchanged(self) -> bool:
        return self.method == "GET" and getattr(self.view, "has_version", False)

    def _own_filters(self) -> Sequence[Filter]:
        """The view's filters without those of every list."""
        filters: Mapping[str, Sequence[Filter]] = getattr(self.view, "filters", {})
        return filters.get(self.method, ())

    def _get_request_body(self, direction: Direction = "request") -> Any:
        body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        # A file, or one of several shapes, is never left out; serializers say it themselves.
        if body and isinstance(self.get_request_serializer(), PolymorphicProxySerializer | dict):
            body["required"] = True
        return body

    def _resolve_path_parameters(self, variables: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in parameters:
            if parameter["name"].endswith("_id"):
                parameter["schema"] = ID_SCHEMA
        return parameters

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self._may_be_unchanged:
            bodies["304"] = {"description": "What you have read is still what there is."}
            for body in bodies.values():
                body.setdefault("headers", {}).update(_refs("headers", "ETag"))
        for body in bodies.values():
            if self._takes_a_key:
                limits = _refs("headers", "RateLimit", "RateLimit-Policy")
                body.setdefault("headers", {}).update(limits)
        for status in self._problems():
            bodies.setdefault(status, {"$ref": f"#/components/responses/{status}"})
        return dict(sorted(bodies.items()))

    def _problems(self) -> tuple[str, ...]:
        changes = self.method != "GET"
        asks_version = any(p["name"] == "If-Match" for p in self._get_parameters())
        return (
            *(ALWAYS if self._takes_a_key else ("400",)),
            *(WITH_AN_ID if "{" in self.path else ()),
            *(CHANGING if changes and self._takes_a_key else ()),
            *(("422",) if changes and not self._takes_a_key else ()),
            *(("422",) if any(f.schema == ID_SCHEMA for f in self._own_filters()) else ()),
            *(WITH_A_BODY if changes and self.method != "DELETE" else ()),
            *(("412",) if asks_version else ()),
        )


def _parameter(one: Filter) -> OpenApiParameter:
    return OpenApiParameter(
        one.name, dict(one.schema), description=one.about, required=one.is_required
    )


def _refs(kind: str, *names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/{kind}/{name}"} for name in names}
