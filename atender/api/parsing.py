"""JSON bodies: what cannot be one is refused here, before anything walks into it."""

from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError

DEEPEST = 50
TOO_DEEP = f"The body is nested too deeply; {DEEPEST} levels are the most that are read."


class JSONParser(parsers.JSONParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
        if not is_shallow(body):
            raise ParseError(TOO_DEEP)
        return body


def is_shallow(body: Any) -> bool:
    """Whether lists and objects end within `DEEPEST` levels; asked without recursion."""
    level = [body]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return True
    return False


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
