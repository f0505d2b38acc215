"""What a visit reads does not grow with the history behind the page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.catalogue.components import change_component
from incidents.catalogue.watching import watch_components
from incidents.models import Component, StateInterval
from monitors.catalogue import add_monitor
from monitors.models import Check, CheckHour, RegionState
from statuspage.past.rolling import roll_page
from tests.costs import queries_of
from tests.factories import STAFF, component, default_page

NOW = datetime.now(UTC)

# As many minutes of trouble each day, in one piece or in hundreds.
SEED = """
INSERT INTO incidents_stateinterval (page_id, component_id, state, started_at, ended_at)
SELECT page.id, component.id, 'degraded', day + n * interval '2 minutes',
       day + n * interval '2 minutes' + interval '1 minute'
FROM incidents_page AS page, incidents_component AS component,
     generate_series(%s::timestamptz, %s::timestamptz, interval '1 day') AS day,
     generate_series(1, %s) AS n
WHERE page.is_default AND component.name = 'API'
"""


def seed(a_day: int) -> None:
    """Hundreds of days of trouble, and what a server that runs for long knows of its tables."""
    Component.objects.filter(pk=component().pk).update(started_at=NOW - timedelta(days=500))
    StateInterval.objects.all().delete()
    last = NOW.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    with connection.cursor() as cursor:
        first = last - timedelta(days=299)
        cursor.execute(SEED, [first, last, a_day])
        roll_page(default_page(), now=NOW)
        for table in ("incidents_stateinterval", "statuspage_uptimeday"):
            cursor.execute(f"ANALYZE {table}")


def rows_read(visitor: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(path).status_code == 200
    found = [query["sql"] for query in captured if query["sql"].startswith("SELECT ")]
    with connection.cursor() as cursor:
        return sum(_touched(_plan(cursor, sql)) for sql in found)


def _plan(cursor: Any, sql: str) -> dict[str, Any]:
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
    plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
    return plan


def _touched(plan: dict[str, Any]) -> int:
    """Rows that the server looked at, those that it threw away included."""
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    own = sum(plan.get(name, 0) for name in names) * plan["Actual Loops"]
    return int(own) + sum(_touched(below) for below in plan.get("Plans", []))


@pytest.mark.parametrize("path", ["/"])
def test_a_page_reads_as_much_with_a_long_history_as_with_a_short_one(
    visitor: Client, path: str
) -> None:
    seed(1)
    few = queries_of(visitor, path)
    rows = rows_read(visitor, path)
    seed(100)
    assert StateInterval.objects.count() == 30_000
    assert queries_of(visitor, path) == few
    assert rows_read(visitor, path) <= rows + 10


@pytest.mark.parametrize(
    "path", ["/", "/history", "/api/v2/summary.json", "/history.atom", "/embed", "/badge.svg"]
)
def test_no_document_reads_checks(visitor: Client, path: str) -> None:
    """Of a monitor there are millions; what they came to is in the components' states."""
    component_ = component()
    change_component(component_, by=STAFF, follows_monitors=True)
    watch_components(add_monitor("Checkout", by=STAFF), [component_], by=STAFF)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(path).status_code == 200
    read = " ".join(query["sql"] for query in captured)
    assert "incidents_page" in read
    for table in (Check, CheckHour, RegionState):
        assert table._meta.db_table not in read
