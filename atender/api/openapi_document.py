"""The OpenAPI document as a whole: what every operation shares, and how they follow each other."""

import re
from typing import Any

from atender.api.introduction import INTRODUCTION

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457): a sentence that says what is wrong and what is right.",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "All sentences of `errors`."},
        "instance": {"type": "string", "description": "The address that was asked."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "field": {
                        "type": "string",
                        "description": "The field or parameter that is wrong; absent where it is "
                        "none.",
                    },
                },
            },
        },
    },
}
# Status: its title, when it comes, a sentence as an example, the field that it is about.
PROBLEMS = {
    "400": (
        "Bad Request",
        "The body has another shape, or a parameter means nothing.",
        "'foo' is none of active, resolved, all.",
        "status",
    ),
    "401": ("Unauthorized", "No key, or none of this console's.", "The key is not known.", None),
    "403": (
        "Forbidden",
        "The key lacks the scope.",
        "This needs a key with the scope 'incidents.delete'.",
        None,
    ),
    "404": ("Not Found", "There is no such record here.", "There is nothing here.", None),
    "409": (
        "Conflict",
        "The record has moved on, or the first request with this Idempotency-Key still runs.",
        "The incident is resolved already.",
        "status",
    ),
    "412": (
        "Precondition Failed",
        "`If-Match` names an older version.",
        "The record has changed since you read it.",
        None,
    ),
    "413": ("Content Too Large", "The body has 1 MB or more.", "The body is too large.", None),
    "415": ("Unsupported Media Type", "The body is not JSON.", "The body is not JSON.", None),
    "422": (
        "Unprocessable Content",
        "The body is well formed but asks for what is not there, or is not allowed.",
        "A title has at most 255 characters; this one has 300.",
        "title",
    ),
    "429": (
        "Too Many Requests",
        "The key has used up its quota; `Retry-After` says for how long.",
        "This key has sent its 6,000 requests of this minute; send the next one in 12 s.",
        None,
    ),
}
HEADERS = {
    "RateLimit": ("How many requests are left, and for how many seconds.", '"key";r=5987;t=42'),
    "RateLimit-Policy": ("How many requests a key has in how many seconds.", '"key";q=6000;w=60'),
    "Location": ("The address of the new record.", "/api/v1/incidents/01JD0000000000000000000000"),
    "ETag": ("What was read, for `If-Match` and `If-None-Match`.", '"3-8c1f0a52"'),
}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add shared parts, links and the introduction (a hook of drf-spectacular)."""
    result["info"]["description"] = INTRODUCTION
    parts = result["components"]
    for schema in parts["schemas"].values():
        # A body may fit several shapes at once, a template's beside a whole one.
        if "oneOf" in schema and "discriminator" not in schema:
            schema["anyOf"] = schema.pop("oneOf")
    parts["schemas"]["Problem"] = PROBLEM
    parts["responses"] = {status: _problem(status) for status in PROBLEMS}
    parts["headers"] = {
        name: {"description": about, "schema": {"type": "string"}, "example": example}
        for name, (about, example) in HEADERS.items()
    }
    for path, operations in result["paths"].items():
        created = operations.get("post", {}).get("responses", {}).get("201")
        if created and (detail := _detail_of(path, result["paths"])):
            created["links"] = dict(_links(detail, result["paths"]))
            created["headers"]["Location"] = {"$ref": "#/components/headers/Location"}
    return result


def _problem(status: str) -> dict[str, Any]:
    title, about, sentence, field = PROBLEMS[status]
    error = {"detail": sentence} | ({"field": field} if field else {})
    example = {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": sentence,
        "instance": "/api/v1/incidents",
        "errors": [error],
    }
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": about, "content": {"application/problem+json": media}}


def _detail_of(path: str, paths: dict[str, Any]) -> str | None:
    """The address under which a record of this list is read, if there is one."""
    one_more = re.compile(re.escape(path) + r"/\{\w+\}")
    return next((other for other in paths if one_more.fullmatch(other)), None)


def _links(detail: str, paths: dict[str, Any]) -> Any:
    """Yield what can be asked next of a record that was just created."""
    *outer, own = re.findall(r"\{(\w+)\}", detail)
    parameters = {name: f"$request.path.{name}" for name in outer} | {own: "$response.body#/id"}
    for path, operations in paths.items():
        if path.startswith(detail) and re.findall(r"\{(\w+)\}", path) == [*outer, own]:
            for operation in operations.values():
                name = operation["operationId"]
                yield name, {"operationId": name, "parameters": parameters}
