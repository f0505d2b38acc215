"""What a page costs: its queries are as many for one incident as for twenty."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.catalogue import add_component
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident

PATHS = ["/", "/history", "/api/v2/summary.json", "/api/v2/components.json", "/incidents/{}"]
MOST = 15


def queries(visitor: Client, path: str) -> int:
    visitor.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(path).status_code == 200
    # The process reads its directory of hosts once a second, whoever asks.
    asides = ("search_path", "is_suspended")
    return len([q for q in captured if not any(aside in q["sql"] for aside in asides)])


def fill(number: int) -> None:
    for n in range(number):
        name = f"Part {n}"
        add_component(name, by=STAFF)
        incident = make_incident(f"Trouble with part {n}", components=(name, "API"))
        for status in ("identified", "monitoring"):
            post_update(incident, by=STAFF, saying=Saying(body="More.", status=status))
        if n % 2:
            post_update(incident, by=STAFF, saying=Saying(status="resolved"))


@pytest.mark.parametrize("path", PATHS)
def test_queries_do_not_grow_with_what_is_shown(visitor: Client, path: str, acme: Any) -> None:
    path = path.format(make_incident().id)
    fill(1)
    few = queries(visitor, path)
    for n in range(6):
        add_component(f"Another {n}", by=STAFF)
        make_incident(f"Another trouble {n}", components=(f"Another {n}",))
    assert queries(visitor, path) == few <= MOST
