"""Checks regular expressions that people enter and a prober runs: none may take for ever.

Backtracking means that a few characters of pattern can keep a processor busy for years. Patterns
accepted here repeat only single characters, and only a few times: their cost is at most quadratic.
"""

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from atender.refusals import Refused

MOST_REPEATS = 2
MOST_BRANCHES = 10
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
SINGLE = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.CATEGORY)
HEAVY = (codes.GROUPREF, codes.GROUPREF_EXISTS, codes.ASSERT, codes.ASSERT_NOT)


def check_pattern(text: str, *, field: str) -> None:
    """Raises Refused."""
    try:
        re.compile(text)
        steps = list(_steps(parser.parse(text)))
    except re.error as error:
        where = "" if error.pos is None else f" at its character {error.pos + 1}"
        raise Refused(
            f"This is no regular expression that can be read: {error.msg}{where}.", field=field
        ) from error
    except (RecursionError, OverflowError) as error:
        raise Refused(
            "This regular expression has groups within groups, or a number of repeats, beyond what "
            "can be read. Write it without them, as in ^ok$.",
            field=field,
        ) from error
    if not _is_cheap(steps):
        raise Refused(
            "This regular expression could take for ever. Repeat single characters only, as in "
            ".* or [0-9]+, at most twice, without look-around and back-references.",
            field=field,
        )


def _is_cheap(steps: list[tuple[Any, Any]]) -> bool:
    repeats = [value for op, value in steps if op in REPEATS and value[1] > 1]
    options = [op for op, value in steps if (op in REPEATS and value[1] <= 1) or op == codes.BRANCH]
    is_simple = all(len(part) == 1 and part[0][0] in SINGLE for _, _, part in repeats)
    is_heavy = any(op in HEAVY for op, _ in steps)
    few = len(repeats) <= MOST_REPEATS and len(options) <= MOST_BRANCHES
    return is_simple and few and not is_heavy


def _steps(parsed: Any) -> Iterator[tuple[Any, Any]]:
    """Every step of a pattern, inner ones included."""
    for op, value in parsed:
        yield op, value
        for part in _inside(op, value):
            yield from _steps(part)


def _inside(op: Any, value: Any) -> list[Any]:
    if op in REPEATS:
        return [value[2]]
    if op == codes.BRANCH:
        return list(value[1])
    if op == codes.SUBPATTERN:
        return [value[3]]
    if op == codes.ATOMIC_GROUP:
        return [value]
    return []
