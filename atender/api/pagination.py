"""Cursors: newest first by id, stable under inserts, since ids order as rows were made."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.filters import ID_SCHEMA, Filter, record_id, whole_number

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200
LIMIT = whole_number("limit", "How many a page has.", 1, LARGEST_LIMIT, default=DEFAULT_LIMIT)


def cursor(name: str, about: str) -> Filter:
    """A cursor is the id of the last row seen, so nothing is kept between two pages."""
    read_id = record_id(name, about).read

    def read(text: str) -> str:
        try:
            return str(read_id(text))
        except ValueError:
            raise ValueError("none of ours; pass on next_cursor of the page before.") from None

    return Filter(name, about, read, ID_SCHEMA)


CURSOR = cursor("cursor", "The page after this one: `next_cursor` of the page before.")


class NewestFirst(BasePagination):
    """`{"data": […], "next_cursor": …}`, for views that stand on `Listing`."""

    next_cursor: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        asked = request.parser_context["view"].asked
        if LIMIT.name not in asked:
            raise TypeError("A view that lists stands on atender.api.resources.Listing.")
        limit = asked["limit"]
        rows = queryset.order_by("-id")
        if asked["cursor"]:
            rows = rows.filter(id__lt=asked["cursor"])
        page = list(rows[: limit + 1])
        self.next_cursor = page[limit - 1].id if len(page) > limit else None
        return page[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"data": data, "next_cursor": self.next_cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "next_cursor"],
            "properties": {
                "data": schema,
                "next_cursor": {
                    "type": "string",
                    "nullable": True,
                    "description": "Null on the last page.",
                },
            },
        }
