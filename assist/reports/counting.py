"""How reports ask the database."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from assist.reports.periods import Period

# The first local day of the step in which a moment lies.
STEP = "(date_trunc(%(step)s, {at}, %(zone)s) AT TIME ZONE %(zone)s)::date"


def ask(statement: str, **values: Any) -> list[dict[str, Any]]:
    """Run one statement and return its rows by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def within(period: Period) -> Mapping[str, Any]:
    """What statements about a period are given."""
    return {
        "start": period.start,
        "end": period.end,
        "first": period.first,
        "last": period.last,
        "step": period.step,
        "zone": period.zone.key,
    }
