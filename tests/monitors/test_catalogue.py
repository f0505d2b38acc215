"""The verbs of monitors and services, and what goes on naming them."""

from typing import Any

import pytest

from atender.locking import Gone
from atender.refusals import Refused
from incidents.catalogue.components import report_state
from incidents.catalogue.watching import watch_components, watch_with
from incidents.models import AuditEntry, ComponentReport, ComponentState, MonitorLink
from monitors.catalogue import (
    add_monitor,
    add_service,
    change_monitor,
    change_service,
    delete_monitor,
    delete_service,
)
from monitors.configs.watching import Watch, checked
from monitors.models import Monitor, Service
from tests.factories import STAFF, component, make_incident

pytestmark = pytest.mark.usefixtures("acme")


def deeds(subject_id: str) -> list[str]:
    return [entry.action for entry in AuditEntry.objects.filter(subject_id=subject_id)]


def test_a_monitor_is_added_with_the_settled_defaults() -> None:
    monitor = add_monitor("  login\nprobe ", by=STAFF, watch=Watch(url="https://acme.example/"))
    assert monitor.name == "login probe"
    assert (monitor.interval_s, monitor.timeout_s, monitor.retries) == (60, 10, 2)
    assert deeds(monitor.id) == ["monitor.added"]


@pytest.mark.parametrize(
    ("watch", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"interval_s": 4}, "interval_s"),
        ({"interval_s": 86_401}, "interval_s"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"retries": -1}, "retries"),
        ({"url": "ftp://acme.example"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://[half"}, "url"),
        ({"url": "https://shop.example:25/"}, "url"),
        ({"url": "https://dana:secret@shop.example/"}, "url"),
        ({"kind": "heartbeat", "url": "https://acme.example"}, "url"),
        ({"kind": "tcp", "url": "db.example/path"}, "url"),
        ({"kind": "tcp", "url": "db.example"}, "url"),
        ({"kind": "tcp", "url": "::1"}, "url"),
        ({"kind": "tcp", "url": "db.example:postgres"}, "url"),
        ({"kind": "tls", "url": "mail.example:99999"}, "url"),
        ({"kind": "tls", "url": "mail.example:0"}, "url"),
        ({"kind": "dns", "url": "acme.example:53"}, "url"),
        ({"kind": "dns", "url": "acme..example"}, "url"),
        ({"regions": ["EU West"]}, "regions"),
        ({"regions": [f"r{n}" for n in range(21)]}, "regions"),
    ],
)
def test_what_cannot_be_watched_is_refused(watch: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        add_monitor("probe", by=STAFF, watch=Watch(**watch))
    assert refused.value.field == field
    assert Monitor.objects.count() == 1
    assert not AuditEntry.objects.filter(action="monitor.added", details__name="probe").exists()


def test_addresses_of_every_kind() -> None:
    for kind, url in (
        ("tcp", "db.example:5432"),
        ("tcp", "[::1]:5432"),
        ("tls", "mail.example"),
        ("tls", "mail.example:465"),
        ("tls", "2001:db8::1"),
        ("dns", "_dmarc.acme.example"),
        ("dns", "acme.example."),
        ("agent", "http://ai/v1"),
    ):
        assert checked(Watch(kind=kind, url=f" {url} ")).url == url
    assert checked(Watch(regions=["EU-West", "eu-west"])).regions == ("eu-west",)


def test_changing_one_thing_leaves_the_others() -> None:
    monitor = add_monitor("probe", by=STAFF, watch=Watch(kind="tcp", url="db.example:5432"))
    changed = change_monitor(monitor, by=STAFF, interval_s=30)
    assert (changed.url, changed.interval_s) == ("db.example:5432", 30)
    with pytest.raises(Refused, match="https://"):
        change_monitor(monitor, by=STAFF, kind="http")
    monitor.refresh_from_db()
    assert monitor.kind == "tcp"


def test_a_deleted_monitor_is_in_no_list_and_its_incidents_go_on_naming_it() -> None:
    monitor, api = Monitor.objects.get(), component()
    watch_components(monitor, [api], by=STAFF)
    incident = make_incident()
    incident.monitors.add(monitor)
    delete_monitor(monitor, by=STAFF)
    assert not Monitor.objects.exists()
    assert not MonitorLink.objects.exists()
    assert incident.monitor_tags.get().monitor.name == "api probe"
    with pytest.raises(Gone):
        change_monitor(monitor, by=STAFF, name="x")
    assert deeds(monitor.id) == ["monitor.deleted", "monitor.added"]


def test_what_a_deleted_monitor_said_counts_no_longer() -> None:
    monitor, api = Monitor.objects.get(), component()
    api.follows_monitors = True
    api.save()
    watch_with(api, [monitor], by=STAFF)
    ComponentReport.objects.create(
        component=api, source=monitor.id, state="major_outage", reported_at=monitor.created_at
    )
    report_state(api, state="operational", by=STAFF)
    assert ComponentState.objects.get(component=api, page=None).state == "major_outage"
    delete_monitor(monitor, by=STAFF)
    assert ComponentState.objects.get(component=api, page=None).state == "operational"


def test_a_services_name_is_free_again_once_it_is_deleted() -> None:
    service = Service.objects.get()
    incident = make_incident()
    incident.service = service
    incident.save()
    with pytest.raises(Refused, match="already"):
        add_service("Platform", by=STAFF)
    delete_service(service, by=STAFF)
    assert add_service("Platform", by=STAFF).pk != service.pk
    incident.refresh_from_db()
    assert incident.service is not None
    assert incident.service.name == "Platform"
    assert Monitor.objects.get().service is None


def test_a_service_may_keep_its_name_and_not_take_anothers() -> None:
    service = Service.objects.get()
    add_service("Shop", by=STAFF)
    assert change_service(service, by=STAFF, name="Platform", description="x").description == "x"
    with pytest.raises(Refused, match="already"):
        change_service(service, by=STAFF, name="Shop")


def test_links_are_exactly_what_was_asked_for() -> None:
    monitor = Monitor.objects.get()
    api, web = component("API"), component("Web app")
    watch_components(monitor, [api, web], by=STAFF)
    watch_with(web, [], by=STAFF)
    watch_with(web, [], by=STAFF)
    assert [link.component for link in MonitorLink.objects.all()] == [api]
    assert deeds(web.id).count("component.watched") == 2


def test_a_state_that_there_is_not_is_refused_in_words() -> None:
    api = component()
    with pytest.raises(Refused, match="'party' is no state of a component; it is one of operat"):
        report_state(api, state="party", by=STAFF)
    assert not ComponentReport.objects.filter(component=api).exists()


def test_nothing_joins_a_service_that_was_deleted() -> None:
    service, monitor = Service.objects.get(), add_monitor("alone", by=STAFF)
    delete_service(service, by=STAFF)
    with pytest.raises(Gone, match="service was deleted meanwhile"):
        add_monitor("late", by=STAFF, service=service)
    with pytest.raises(Gone, match="service was deleted meanwhile"):
        change_monitor(monitor, by=STAFF, service=service)
    assert not Monitor.objects.filter(name="late").exists()
    monitor.refresh_from_db()
    assert monitor.service_id is None
