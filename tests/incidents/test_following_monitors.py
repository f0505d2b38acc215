"""Components whose state follows their monitors, and those whose state is written by staff."""

import pytest
from django.test import Client

from incidents.catalogue.components import change_component
from incidents.catalogue.watching import watch_components
from incidents.models import ComponentReport, ComponentState
from monitors.models import Monitor, Verdict
from monitors.verdicts.settling import settle
from tests.factories import STAFF, component, make_incident
from tests.monitors.making import DEGRADED, DOWN, UNKNOWN, UP, after, outcome

pytestmark = pytest.mark.usefixtures("acme")


@pytest.fixture
def monitor(acme: object) -> Monitor:
    monitor = Monitor.objects.get()
    watch_components(monitor, [component("API"), component("Payments")], by=STAFF)
    change_component(component("API"), by=STAFF, follows_monitors=True)
    return monitor


def state_of(name: str) -> str:
    state = ComponentState.objects.filter(component=component(name), page=None).first()
    return state.state if state else "operational"


def find(monitor: Monitor, verdict: Verdict, minute: int) -> None:
    settle(monitor, outcome=outcome(verdict, at=after(minutes=minute)))


def test_a_component_follows_where_it_is_told_to(monitor: Monitor, visitor: Client) -> None:
    find(monitor, UP, 0)
    find(monitor, DOWN, 1)
    assert (state_of("API"), state_of("Payments")) == ("major_outage", "operational")
    assert "Major System Outage" in visitor.get("/").content.decode()
    find(monitor, DEGRADED, 2)
    assert state_of("API") == "degraded"
    find(monitor, UP, 3)
    assert state_of("API") == "operational"
    assert ComponentReport.objects.filter(source=monitor.id).count() == 2


def test_what_is_not_known_changes_nothing(monitor: Monitor) -> None:
    find(monitor, DOWN, 0)
    find(monitor, UNKNOWN, 1)
    assert state_of("API") == "major_outage"


def test_the_switch_shows_what_was_found_before(monitor: Monitor) -> None:
    find(monitor, DOWN, 0)
    change_component(component("Payments"), by=STAFF, follows_monitors=True)
    assert state_of("Payments") == "major_outage"
    change_component(component("Payments"), by=STAFF, follows_monitors=False)
    assert state_of("Payments") == "operational"


def test_an_open_incident_says_more(monitor: Monitor) -> None:
    make_incident(severity="minor")
    find(monitor, DOWN, 0)
    assert state_of("API") == "degraded"
