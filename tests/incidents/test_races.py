"""Two people at once, on real commits."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from atender.tenants.context import in_tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import AlreadyClosed, Saying
from tests.factories import STAFF, component, make_incident


def at_once(*calls: Any) -> list[Any]:
    """Run the calls in threads of their own inside Acme; returns results and exceptions."""

    def run(call: Any) -> Any:
        try:
            with in_tenant("acme"):
                return call()
        except Exception as error:  # the test judges it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.usefixtures("fresh_database")
def test_a_double_click_on_resolve_resolves_once() -> None:
    with in_tenant("acme"):
        incident = make_incident()
    resolve = lambda: post_update(incident, by=STAFF, saying=Saying(status="resolved"))  # noqa: E731
    outcomes = at_once(resolve, resolve, resolve)
    assert sum(isinstance(o, AlreadyClosed) for o in outcomes) == 2
    with in_tenant("acme"):
        assert incident.updates.filter(status="resolved").count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_a_double_click_on_open_opens_one() -> None:
    submission = "01JD0000000000000000000000"
    outcomes = at_once(*[lambda: make_incident(submission_id=submission)] * 3)
    assert len({incident.id for incident in outcomes}) == 1
    with in_tenant("acme"):
        assert Incident.objects.get().updates.count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_two_incidents_resolved_at_once_leave_the_component_operational() -> None:
    with in_tenant("acme"):
        rows = [make_incident("First API trouble"), make_incident("Second API trouble")]

    def resolving(incident: Incident) -> Any:
        return lambda: post_update(incident, by=STAFF, saying=Saying(status="resolved"))

    outcomes = at_once(*(resolving(row) for row in rows))
    assert not [o for o in outcomes if isinstance(o, Exception)]
    with in_tenant("acme"):
        assert component().states.get(page=None).state == "operational"
