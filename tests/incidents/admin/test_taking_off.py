"""An incident is taken off a page in the console; a second click finds it done."""

from django.test import Client

from atender.ids import new_ulid
from incidents.models import AuditEntry, Incident, Page
from tests.factories import default_page, make_incident, partner_page
from tests.incidents.admin.conftest import at


def door(incident: Incident, page: Page) -> str:
    return at(incident, f"pages/{page.pk}/take-off/")


def test_it_is_offered_asked_and_done(console: Client, visitor: Client) -> None:
    incident = make_incident("Quokka replica lag", pages=(default_page(), partner_page()))
    assert door(incident, default_page()) in console.get(at(incident)).content.decode()
    question = console.get(door(incident, default_page())).content.decode()
    assert "mails that are still held back are not sent" in question
    assert "Acme for partners: nothing changes there." in question
    assert b"Quokka" in visitor.get("/").content
    answer = console.post(door(incident, default_page()), follow=True).content.decode()
    assert "Acme does not show it any more; nobody was told." in answer
    assert "took it off status" in answer
    assert b"Quokka" not in visitor.get("/").content
    assert list(incident.pages.all()) == [partner_page()]
    last = console.get(door(incident, partner_page())).content.decode()
    assert "No page shows it then: it is internal" in last
    assert "Monitors that join" not in last


def test_of_an_outage_it_says_what_monitors_do_afterwards(console: Client) -> None:
    incident = make_incident()
    Incident.objects.update(is_auto_created=True)
    asked = console.get(door(incident, default_page())).content.decode()
    assert "Monitors that join this outage do not show it there again" in asked


def test_a_second_click_and_a_second_tab_are_answered(console: Client) -> None:
    incident = make_incident()
    for send in (console.post, console.post, console.get):
        answer = send(door(incident, default_page()), follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain == [(at(incident), 302)]
    assert "Acme does not show it; there was nothing left to do." in answer.content.decode()
    assert console.get(at(incident, f"pages/{new_ulid()}/take-off/")).status_code == 404


def test_a_second_click_on_publish_is_as_the_first(console: Client) -> None:
    incident = make_incident(pages=())
    for _ in range(2):
        answer = console.post(at(incident, "publish/"), {"pages": [default_page().pk]}, follow=True)
        assert answer.redirect_chain == [(at(incident), 302)]
        assert "It shows on Acme now." in answer.content.decode()
    assert AuditEntry.objects.filter(action="incident.published").count() == 1


def test_an_editor_may_and_a_responder_may_not(editor: Client, responder: Client) -> None:
    incident = make_incident()
    assert responder.post(door(incident, default_page())).status_code == 403
    assert "take-off" not in responder.get(at(incident)).content.decode()
    assert editor.post(door(incident, default_page())).status_code == 302
    assert not incident.publications.exists()
