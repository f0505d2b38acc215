"""Cursors: newest first by id, stable under inserts, since ids order as rows were made."""

import base64
import binascii
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from atender.ids import ULID

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class NewestFirst(BasePagination):
    """`{"data": […], "next_cursor": …}`; `limit` 1 to 200, 50 unless given."""

    next_cursor: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        limit = read_limit(request.query_params.get("limit", ""))
        cursor = request.query_params.get("cursor", "")
        rows = queryset.order_by("-id")
        if cursor:
            rows = rows.filter(id__lt=read_cursor(cursor))
        page = list(rows[: limit + 1])
        self.next_cursor = write_cursor(page[limit - 1].id) if len(page) > limit else None
        return page[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"data": data, "next_cursor": self.next_cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "next_cursor"],
            "properties": {
                "data": schema,
                "next_cursor": {"type": "string", "nullable": True},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST_LIMIT,
                    "default": DEFAULT_LIMIT,
                },
            },
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
        ]


def read_limit(text: str) -> int:
    if not text:
        return DEFAULT_LIMIT
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_LIMIT))
    if not (is_number and 1 <= int(text) <= LARGEST_LIMIT):
        raise ValidationError(
            {"limit": [f"limit is a whole number from 1 to {LARGEST_LIMIT}."]}, code="invalid"
        )
    return int(text)


def write_cursor(record_id: str) -> str:
    return base64.urlsafe_b64encode(record_id.encode()).decode().rstrip("=")


def read_cursor(text: str) -> str:
    try:
        record_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        record_id = ""
    if not ULID.fullmatch(record_id):
        raise ValidationError(
            {"cursor": ["The cursor is none of ours; pass next_cursor of the list before."]}
        )
    return record_id
