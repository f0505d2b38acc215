"""Monitors, services and their runbooks in the console."""

from typing import Any

import pytest
from django.test import Client

from atender.roles import Role
from incidents.catalogue.watching import watch_components
from monitors.catalogue import add_monitor
from monitors.models import Monitor, Runbook, Service
from monitors.runbooks import TEMPLATE, write_runbook
from tests.factories import STAFF, component, make_incident
from tests.incidents.admin.conftest import at, joined

MONITORS, SERVICES = "/admin/monitors/monitor/", "/admin/monitors/service/"


def form(**fields: Any) -> dict[str, Any]:
    return {
        "name": "login probe",
        "kind": "http",
        "url": "https://acme.example/login",
        "interval_s": 60,
        "timeout_s": 10,
        "retries": 2,
        "regions": "eu-west, us-east",
        "service": "",
        **fields,
    }


@pytest.fixture
def editor(acme: object) -> Client:
    return joined("Edda", Role.EDITOR)


def test_a_monitor_is_added_changed_and_deleted(console: Client) -> None:
    service = Service.objects.get()
    assert console.post(f"{MONITORS}add/", form(service=service.pk)).status_code == 302
    monitor = Monitor.objects.get(name="login probe")
    assert (monitor.service, monitor.regions) == (service, ["eu-west", "us-east"])
    path = f"{MONITORS}{monitor.pk}"
    assert "eu-west, us-east" in console.get(f"{path}/change/").content.decode()
    assert console.post(f"{path}/change/", form(interval_s=30, regions="")).status_code == 302
    monitor.refresh_from_db()
    assert (monitor.interval_s, monitor.regions, monitor.service) == (30, [], None)
    assert "go on naming it" in console.get(f"{path}/delete/").content.decode()
    assert console.post(f"{path}/delete/").status_code == 302
    assert not Monitor.objects.filter(name="login probe").exists()
    assert console.get(f"{path}/change/").status_code == 404


def test_a_monitor_without_an_address_does_not_seem_to_be_checked(console: Client) -> None:
    add_monitor("login probe", by=STAFF)
    page = console.get(MONITORS).content.decode()
    assert ("has no address yet" in page, "not checked" in page) == (True, True)
    assert "60 s" not in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "\u200f"}, "name is empty"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"url": "ftp://x"}, "begins with https://"),
        ({"url": ""}, "Nothing is checked without an address; give one, such as https://"),
        ({"interval_s": 4}, "5 to 86,400 s"),
        ({"regions": "E U"}, "no name of a region"),
        ({"kind": "party"}, "“party” is none of the choices"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = console.post(f"{MONITORS}add/", form(**fields))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Monitor.objects.count() == 1


def test_a_service_is_added_changed_and_deleted(console: Client) -> None:
    console.post(f"{SERVICES}add/", {"name": "Billing", "description": ""})
    billing = Service.objects.get(name="Billing")
    taken = console.post(f"{SERVICES}{billing.pk}/change/", {"name": "Platform"})
    assert "There is a service" in taken.content.decode()
    console.post(f"{SERVICES}{billing.pk}/change/", {"name": "Invoices", "description": "x"})
    platform = Service.objects.get(name="Platform")
    asked = console.get(f"{SERVICES}{platform.pk}/delete/").content.decode()
    assert "These monitors stay, without a service: api probe." in asked
    assert console.post(f"{SERVICES}{platform.pk}/delete/").status_code == 302
    assert [service.name for service in Service.objects.all()] == ["Invoices"]
    assert "is deleted." in console.get(SERVICES).content.decode()
    assert "Platform" not in console.get(MONITORS).content.decode()


def test_a_viewer_reads_and_an_editor_does_not_delete(bobs_console: Client, editor: Client) -> None:
    monitor, service = Monitor.objects.get(), Service.objects.get()
    for path in (f"{MONITORS}{monitor.pk}", f"{SERVICES}{service.pk}"):
        assert bobs_console.get(f"{path}/change/").status_code == 200
        assert bobs_console.post(f"{path}/change/", form()).status_code == 403
        assert bobs_console.post(f"{path}/runbook/", {"text": "x", "seen": 0}).status_code == 403
        assert editor.post(f"{path}/delete/").status_code == 403
    assert Monitor.objects.get() == monitor
    assert not Runbook.objects.exists()


def test_a_runbook_is_written_from_the_template(console: Client) -> None:
    path = f"{SERVICES}{Service.objects.get().pk}"
    assert "None yet." in console.get(f"{path}/change/").content.decode()
    page = console.get(f"{path}/runbook/").content.decode()
    assert "## Quick links" in page
    saved = console.post(f"{path}/runbook/", {"text": "## Contacts\n\nDana", "seen": 0})
    assert saved["Location"] == f"{path}/change/"
    below = console.get(f"{path}/change/").content.decode()
    assert "<h3>Contacts</h3>" in below
    again = console.post(f"{path}/runbook/", {"text": "## Contacts\n\nDana", "seen": 0})
    assert again.status_code == 302
    assert Runbook.objects.get().version == 1
    console.post(f"{path}/runbook/", {"text": TEMPLATE, "seen": 1})
    assert not Runbook.objects.exists()


def test_two_authors_and_a_form_that_was_tampered_with(console: Client) -> None:
    service = Service.objects.get()
    write_runbook(service.pk, "Erin's", by=STAFF, name="Platform")
    path = f"{SERVICES}{service.pk}/runbook/"
    for seen in ("0", "", "x", "-1"):
        response = console.post(path, {"text": "Mine", "seen": seen, "back": "//evil.example"})
        assert response.status_code == 422
        assert "Mine" in response.content.decode()
        assert "evil.example" not in response.content.decode().replace('value="//evil.example"', "")
    assert Runbook.objects.get().text == "Erin's"


def test_a_runbook_is_looked_at_before_it_is_saved(console: Client) -> None:
    path = f"{SERVICES}{Service.objects.get().pk}/runbook/"
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://evil.example/p.png)"
    page = console.post(path, {"text": hostile, "seen": 0, "preview": "yes"}).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert '<img src="https://evil' not in page
    fragment = console.post(path, {"text": "## A"}, headers={"HX-Request": "true"}).content.decode()
    assert "<h3>A</h3>" in fragment
    assert not Runbook.objects.exists()


def test_an_incident_shows_the_runbooks_of_what_it_names(console: Client) -> None:
    monitor, api = Monitor.objects.get(), component("API")
    watch_components(monitor, [api], by=STAFF)
    incident = make_incident()
    incident.monitors.add(monitor)
    page = console.get(at(incident)).content.decode()
    assert "No runbook yet for" in page
    for subject, text in ((api, "of the API"), (monitor.service, "of Platform")):
        write_runbook(subject.pk, f"## Steps {text}", by=STAFF, name=str(subject))  # type: ignore[union-attr]
    page = console.get(at(incident)).content.decode()
    assert "<h3>Steps of the API</h3>" in page
    assert "<h3>Steps of Platform</h3>" in page
    assert "None yet for" in page
    back = f"back=/admin/incidents/incident/{incident.pk}/change/"
    assert f"/admin/incidents/component/{api.pk}/runbook/?{back}" in page
    url = f"/admin/incidents/component/{api.pk}/runbook/"
    runbook = Runbook.objects.get(subject_id=api.pk)
    sent = {"text": "x", "seen": runbook.version, "back": at(incident)}
    assert console.post(url, sent)["Location"] == at(incident)


def test_a_viewer_reads_the_runbook_beside_the_incident(bobs_console: Client) -> None:
    api = component("API")
    write_runbook(api.pk, "Call **Dana**", by=STAFF, name="API")
    page = bobs_console.get(at(make_incident())).content.decode()
    assert "Call <strong>Dana</strong>" in page
    assert "Edit the runbook" not in page
    assert (
        "As read"
        not in bobs_console.get(f"/admin/incidents/component/{api.pk}/runbook/").content.decode()
    )


@pytest.mark.parametrize("path", ["/", "/history", "/api/v2/summary.json"])
def test_a_runbook_is_never_public(path: str, visitor: Client) -> None:
    write_runbook(component("API").pk, "quokka", by=STAFF, name="API")
    make_incident()
    assert b"quokka" not in visitor.get(path).content
