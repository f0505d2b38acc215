"""JSON bodies; malformed ones are refused here, before anything walks into them."""

import json
from typing import Any, NoReturn

from rest_framework import parsers
from rest_framework.exceptions import ParseError

DEEPEST = 50
TOO_DEEP = f"The body is nested too deeply; {DEEPEST} levels are the most that are read."
NO_OBJECT = 'The body is a JSON object, as in {{"title": "…"}}; this one is {}.'
NAMES = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}


class JSONParser(parsers.JSONParser):
    """JSON as RFC 8259 has it: UTF-8, each name once, numbers that are numbers; one object."""

    kinds: tuple[type, ...] = (dict,)

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = json.loads(
                stream.read().decode("utf-8-sig"),
                object_pairs_hook=_once_each,
                parse_constant=_no_number,
                parse_float=_finite,
            )
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8 from byte {error.start} on.") from error
        except json.JSONDecodeError as error:
            where = f"line {error.lineno}, column {error.colno}"
            raise ParseError(f"The body is no JSON: {error.msg} at {where}.") from error
        except ValueError as error:
            raise ParseError("A number in the body has too many digits.") from error
        if not isinstance(body, self.kinds):
            raise ParseError(NO_OBJECT.format(NAMES.get(type(body), "a number")))
        if not is_shallow(body):
            raise ParseError(TOO_DEEP)
        return body


class BatchParser(JSONParser):
    """JSON-RPC's: one object, or a list."""

    kinds = (dict, list)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(f"The body says '{name[:40]}' more than once; say it once.")
        found[name] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise ParseError(f"{text} is no JSON; leave the field out or send null.")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ParseError(f"{text[:40]} is larger than any number that is read.")
    return number


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
