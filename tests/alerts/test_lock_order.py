"""Nobody waits in a circle: an incident is held before anybody is asked to call."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from alerts.escalation.paging import PAGING
from alerts.inbound.receiving import take_in
from alerts.inbound.reports import Report
from alerts.inbound.sources import add_source
from alerts.models import Alert, AlertStatus
from alerts.outages import telling_customers
from alerts.outages.noting import take_notes
from alerts.promotion import create_incident
from alerts.routing import change_routing
from atender.due.gathering import gather
from atender.tenants.context import in_tenant
from incidents.catalogue.components import add_component, change_component
from incidents.catalogue.watching import watch_components
from incidents.lifecycle import lock
from incidents.models import Component, Incident
from incidents.signals import components_changed
from monitors.catalogue import add_monitor
from monitors.checks.recording import Recorded, record
from monitors.models import Monitor, Service, Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.settling import settle
from tests.factories import STAFF, default_page
from tests.incidents.test_races import at_once
from tests.meeting import meets

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
LONGEST_S = 60


def wait_for_somebody_to_wait() -> None:
    """Until another transaction waits for a lock."""
    until = monotonic() + LONGEST_S
    while monotonic() < until:
        with connection.cursor() as cursor:
            # A transaction sees for ever what it saw first.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone() != (0,):
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


def while_somebody_pages_for(incident: Incident, work: Callable[[], Any]) -> list[Any]:
    """Do the work while a person pages for the incident: it is held, then calls are asked for."""
    is_held = Event()

    @transaction.atomic
    def page() -> None:
        lock(incident)
        is_held.set()
        wait_for_somebody_to_wait()
        gather(PAGING)

    def meanwhile() -> Any:
        assert is_held.wait(LONGEST_S)
        return work()

    return at_once(page, meanwhile)


@pytest.mark.usefixtures("fresh_database")
def test_a_body_that_raises_one_alert_and_ends_another() -> None:
    with in_tenant("acme"):
        source = add_source("Production", "alertmanager", by=STAFF)
        take_in(source, [Report("Disk full", "b-disk", is_firing=True)], form="alertmanager")
        incident = create_incident(Alert.objects.get(), by=STAFF)
    body = [
        Report("Queue full", "a-queue", is_firing=True),
        Report("Disk full", "b-disk", is_firing=False),
    ]
    outcomes = while_somebody_pages_for(
        incident, lambda: take_in(source, body, form="alertmanager")
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    with in_tenant("acme"):
        assert Alert.objects.get(dedup_key="b-disk").status == AlertStatus.RESOLVED
        assert Alert.objects.get(dedup_key="a-queue").is_open


@pytest.mark.usefixtures("fresh_database")
def test_a_failure_that_joins_its_services_incident() -> None:
    with in_tenant("acme"):
        service = Service.objects.get()
        change_routing(service, by=STAFF, auto_incident="on", pages=[default_page()])
        first, second = Monitor.objects.get(), add_monitor("shop probe", by=STAFF, service=service)
        fail(first)
        take_notes()
        incident = Incident.objects.get()
        fail(second)
    outcomes = while_somebody_pages_for(incident, take_notes)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    with in_tenant("acme"):
        assert incident.alerts.open().count() == 2


def fail(monitor: Monitor) -> None:
    settle(monitor, outcome=Outcome(Verdict.DOWN, timezone.now(), error_code="timeout"))


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("step", ["change_incident", "attach", "_pages_of"])
def test_a_failure_joins_an_incident_while_its_monitors_recover(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    """Checks hold monitors, then their components; an incident its components, then its monitors.

    What a row refers to is held as the transaction ends: PostgreSQL checks it then.
    """
    with in_tenant("acme"):
        service = Service.objects.get()
        change_routing(service, by=STAFF, auto_incident="on", pages=[default_page()])
        first, second = Monitor.objects.get(), add_monitor("shop probe", by=STAFF, service=service)
        early, late = (following(name) for name in ("Cart", "Search"))
        watch_components(first, [late], by=STAFF)
        watch_components(second, [early], by=STAFF)
        fail(first)
        take_notes()
        fail(second)
        others = meets(monkeypatch, telling_customers, step, lambda: succeed(first, second))
        take_notes()
        others[0].result()
        assert Incident.objects.get().alerts.count() == 2
        assert {monitor.verdict for monitor in Monitor.objects.all()} == {Verdict.UP}
    assert not refused_flips(caplog)


@pytest.mark.usefixtures("fresh_database")
def test_checks_of_several_seconds_meet_those_of_other_monitors(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with in_tenant("acme"):
        early, late = (following(name) for name in ("Cart", "Search"))
        pairs = [
            [add_monitor(f"{name} {number}", by=STAFF) for name in ("cart", "search")]
            for number in (1, 2)
        ]
        for cart, search in pairs:
            watch_components(cart, [early], by=STAFF)
            watch_components(search, [late], by=STAFF)
        here, there = pairs
        others = meets(monkeypatch, components_changed, "send", lambda: record(found_down(*there)))
        record(found_down(*reversed(here)))
        others[0].result()
        verdicts = Monitor.objects.filter(pk__in=[m.pk for m in (*here, *there)])
        assert {monitor.verdict for monitor in verdicts} == {Verdict.DOWN}
    assert not refused_flips(caplog)


def refused_flips(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Of a circle PostgreSQL refuses one; flips that were refused are settled again one by one."""
    return [text for text in caplog.messages if "refused" in text]


def following(name: str) -> Component:
    return change_component(add_component(name, by=STAFF), by=STAFF, follows_monitors=True)


def found_down(*monitors: Monitor) -> list[Recorded]:
    """The later a monitor is named, the later it was found; never in the same second."""
    now = timezone.now()
    return [
        Recorded(
            monitor.pk, Outcome(Verdict.DOWN, now + timedelta(seconds=n), error_code="timeout")
        )
        for n, monitor in enumerate(monitors)
    ]


def succeed(*monitors: Monitor) -> None:
    now = timezone.now()
    record([Recorded(monitor.pk, Outcome(Verdict.UP, now)) for monitor in monitors])
