"""How PostgreSQL would answer, or has answered, what some code asked."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def asked_by(deed: Callable[[], object], about: str) -> list[str]:
    """Do it; returns the SELECTs in it that hold some text."""
    with CaptureQueriesContext(connection) as captured:
        deed()
    asked = [query["sql"] for query in captured]
    return [sql for sql in asked if sql.startswith("SELECT") and about in sql]


def most_rows(sql: str) -> float:
    """The most rows that one step of the plan handed on when it was run."""
    return max(_handed_on(step) for step in _steps(sql))


def rows_counted(sql: str) -> float:
    """The rows that its counting was given, whichever way the server chose to find them."""
    counting = [step for step in _steps(sql) if step["Node Type"] == "Aggregate"]
    return max(_handed_on(below) for step in counting for below in step["Plans"])


def _handed_on(step: dict[str, Any]) -> float:
    return float(step["Actual Rows"]) * float(step["Actual Loops"])


def _steps(sql: str) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone() or ("[]",)
    (top,) = json.loads(found) if isinstance(found, str) else found
    below = [top["Plan"]]
    while below:
        step = below.pop()
        yield step
        below += step.get("Plans", [])
