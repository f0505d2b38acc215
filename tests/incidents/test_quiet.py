"""For planned work nobody is woken."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from incidents.correcting import change_incident
from incidents.lifecycle import delete_incident, post_update
from incidents.models import MonitorLink
from incidents.planned.planning import cancel_maintenance, complete_maintenance, start_maintenance
from incidents.planned.quiet import components_under_maintenance, is_quiet
from incidents.transitions import Saying
from monitors.catalogue import add_monitor
from monitors.models import Monitor
from tests.factories import STAFF, component, make_incident
from tests.incidents.planned import HOUR, clock_strikes, plan

pytestmark = pytest.mark.usefixtures("acme")


def touched(at: timedelta = timedelta(0)) -> set[str]:
    return components_under_maintenance(timezone.now() + at)


def test_components_are_under_maintenance_while_it_runs() -> None:
    plan()
    now, api = timezone.now(), {component().pk}
    assert touched() == set()
    clock_strikes(now + HOUR)
    assert components_under_maintenance(now + HOUR) == api
    assert components_under_maintenance(now + HOUR / 2) == set()
    clock_strikes(now + 2 * HOUR)
    assert components_under_maintenance(now + 2 * HOUR) == set()
    assert components_under_maintenance(now + HOUR * 1.5) == api


def test_a_window_counts_before_the_clock_came_round() -> None:
    plan()
    now = timezone.now()
    assert components_under_maintenance(now + HOUR + timedelta(seconds=1)) == {component().pk}
    assert components_under_maintenance(now + 2 * HOUR) == set()


def test_begun_early_and_outlasting_its_window() -> None:
    incident = plan()
    start_maintenance(incident, by=STAFF)
    assert touched() == {component().pk}
    complete_maintenance(incident, by=STAFF)
    assert touched() == set()
    with time_machine.travel(timezone.now() + 3 * HOUR):
        post_update(incident, by=STAFF, saying=Saying(status="in_progress"))
        assert touched() == {component().pk}


def test_what_is_cancelled_deleted_or_no_maintenance_quiets_nothing() -> None:
    make_incident()
    cancelled, deleted = plan(-HOUR / 2), plan(-HOUR / 2)
    cancel_maintenance(cancelled, by=STAFF)
    delete_incident(deleted, by=STAFF)
    assert touched() == set()


def test_a_component_that_is_spared_is_not_quiet() -> None:
    incident = plan(-HOUR / 2)
    change_incident(incident, by=STAFF, impacts={component().pk: "operational"})
    assert touched() == set()


def test_a_monitor_is_quiet_by_its_name_or_by_what_it_watches() -> None:
    named = Monitor.objects.get()
    watching, other = (add_monitor(name, by=STAFF) for name in ("watch", "other"))
    MonitorLink.objects.create(component=component("Web app"), monitor=watching)
    plan(-HOUR / 2, components=[component("Web app")], monitors=[named])
    assert [is_quiet(monitor) for monitor in (named, watching, other)] == [True, True, False]
