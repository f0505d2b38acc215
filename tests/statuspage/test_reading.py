"""What a page costs: its queries are as many for one incident as for twenty."""

from typing import Any

import pytest
from django.test import Client

from incidents.catalogue.components import add_component
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.costs import queries_of
from tests.factories import STAFF, make_incident

PATHS = ["/", "/history", "/api/v2/summary.json", "/api/v2/components.json", "/incidents/{}"]
MOST = 15


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
    few = queries_of(visitor, path)
    for n in range(6):
        add_component(f"Another {n}", by=STAFF)
        make_incident(f"Another trouble {n}", components=(f"Another {n}",))
    assert queries_of(visitor, path) == few <= MOST
