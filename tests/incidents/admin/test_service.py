"""The service that an incident names, chosen in the console."""

import pytest
from django.test import Client

from incidents.correcting import change_incident
from incidents.models import AuditEntry, Draft, Incident
from monitors.catalogue import delete_service
from monitors.models import Service
from monitors.runbooks import write_runbook
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import ADD, at
from tests.incidents.admin.test_opening import filled


@pytest.fixture
def service(acme: object) -> Service:
    service = Service.objects.get(name="Platform")
    write_runbook(service.pk, "Call **Zelda** first.", name=service.name, by=STAFF)
    return service


def test_it_is_chosen_at_the_opening_and_brings_its_runbook(
    console: Client, service: Service
) -> None:
    assert "Platform</option>" in console.get(ADD).content.decode()
    assert console.post(ADD, filled(service=service.pk)).status_code == 302
    incident = Incident.objects.get()
    assert incident.service == service
    text = console.get(at(incident)).content.decode()
    assert "<strong>Zelda</strong>" in text


def test_it_is_changed_and_taken_away(console: Client, service: Service) -> None:
    incident = make_incident()
    assert at(incident, "service/") in console.get(at(incident)).content.decode()
    for choice, kept in ((service.pk, service), ("", None)):
        answer = console.post(at(incident, "service/"), {"service": choice})
        assert answer["Location"] == at(incident)
        incident.refresh_from_db()
        assert incident.service == kept
    assert AuditEntry.objects.filter(action="incident.changed").count() == 2


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("01JD0000000000000000000000", "not there any more"),
        ("nonsense", "an id has 26 letters and digits"),
        ("\x00", "This has a null character in it"),
    ],
)
def test_a_strange_one_is_refused(
    console: Client, service: Service, choice: str, sentence: str
) -> None:
    incident = make_incident()
    answer = console.post(at(incident, "service/"), {"service": choice})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert console.post(ADD, filled(service=choice)).status_code == 422
    assert Incident.objects.get().service is None


def test_a_responder_reads_it_and_changes_nothing(responder: Client, service: Service) -> None:
    incident = make_incident()
    change_incident(incident, by=STAFF, service=service)
    assert "Platform" in responder.get(at(incident)).content.decode()
    assert responder.post(at(incident, "service/"), {"service": ""}).status_code == 403
    assert responder.get(at(incident, "service/")).status_code == 403


def test_a_draft_keeps_it(console: Client, service: Service) -> None:
    sent = filled(service=service.pk, keep="draft")
    console.post("/admin/incidents/incident/draft/", sent)
    draft = Draft.objects.get()
    assert draft.service_id == service.pk
    again = console.get(f"{ADD}?draft={draft.pk}").content.decode()
    assert f'<option value="{service.pk}" selected>' in again


def test_where_there_is_none_nothing_is_asked(console: Client, service: Service) -> None:
    delete_service(service, by=STAFF)
    assert "id_service" not in console.get(ADD).content.decode()
