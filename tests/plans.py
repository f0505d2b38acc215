"""How PostgreSQL would answer, or has answered, what some code asked."""

import json
from collections.abc import Callable
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
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone() or ("[]",)
    (top,) = json.loads(found) if isinstance(found, str) else found
    return _most(top["Plan"])


def _most(step: dict[str, Any]) -> float:
    own = float(step["Actual Rows"]) * float(step["Actual Loops"])
    return max([own, *map(_most, step.get("Plans", []))])
