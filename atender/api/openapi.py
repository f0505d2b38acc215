"""What drf-spectacular cannot see by itself: problems as errors, cursors, scopes."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter

from atender.api.filters import Filter
from atender.api.permissions import scope_for
from atender.api.resources import Resource

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": {"type": "string"}, "field": {"type": "string"}},
            },
        },
    },
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key and body again get the first answer; nothing is created twice.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that was read; an older one is refused with 412.",
)
WORDS = {
    "400": "The request cannot be read.",
    "401": "No key, or none of this tenant's.",
    "403": "The key lacks the scope.",
    "404": "Unknown id.",
    "409": "The record has moved on.",
    "412": "If-Match names an older version.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The body names what is not there, or what is not allowed.",
}


def _parameter(one: Filter) -> OpenApiParameter:
    return OpenApiParameter(
        one.name, dict(one.schema), description=one.about, required=one.is_required
    )


class Schema(AutoSchema):
    """Every operation may answer a problem; its description names the scope."""

    def get_description(self) -> str:  # type: ignore[override]
        scope = scope_for(self.view, self.method)
        text = super().get_description() or ""
        return f"{text}\n\nScope: `{scope}`." if scope else text

    def get_override_parameters(self) -> list[Any]:
        handler = getattr(self.view, self.method.lower(), None)
        takes_key = getattr(handler, "takes_idempotency_key", False)
        filters = self.view.filters_for(self.method) if isinstance(self.view, Resource) else ()
        return [*map(_parameter, filters), *([IDEMPOTENCY_KEY] if takes_key else [])]

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, words in WORDS.items():
            bodies.setdefault(
                status,
                {
                    "description": words,
                    "content": {"application/problem+json": {"schema": PROBLEM}},
                },
            )
        return bodies
