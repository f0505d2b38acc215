"""A monitor that joins a service while it is deleted: one waits for the other."""

from collections.abc import Iterator

import pytest

from atender.tenants.context import in_tenant
from monitors import catalogue
from monitors.catalogue import add_monitor, change_monitor, delete_service
from monitors.models import Monitor, Service
from tests.factories import STAFF
from tests.meeting import meets


@pytest.fixture
def service(fresh_database: str) -> Iterator[Service]:
    with in_tenant("acme"):
        yield Service.objects.get()


def test_one_that_is_added(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = meets(monkeypatch, catalogue, "plan_rounds", lambda: delete_service(service, by=STAFF))
    monitor = add_monitor("late", by=STAFF, service=service)
    begun[0].result()
    monitor.refresh_from_db()
    assert monitor.service_id is None
    assert not Service.objects.exists()


def test_one_that_is_changed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = add_monitor("late", by=STAFF)
    begun = meets(monkeypatch, catalogue, "plan_rounds", lambda: delete_service(service, by=STAFF))
    change_monitor(monitor, by=STAFF, service=service)
    begun[0].result()
    monitor.refresh_from_db()
    assert monitor.service_id is None


def test_one_that_is_in_it(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form sends the service along as it was; the two wait in no circle."""
    monitor = Monitor.objects.get(service=service)
    begun = meets(monkeypatch, catalogue, "monitor_name", lambda: delete_service(service, by=STAFF))
    change_monitor(monitor, by=STAFF, name="renamed", service=service)
    begun[0].result()
    monitor.refresh_from_db()
    assert (monitor.name, monitor.service_id) == ("renamed", None)
