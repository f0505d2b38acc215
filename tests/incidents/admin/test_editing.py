import re

from django.test import Client

from incidents.models import (
    AuditEntry,
    ComponentState,
    Incident,
    IncidentUpdate,
    IncidentUpdateRevision,
)
from tests.factories import component, default_page, make_incident, partner_page
from tests.incidents.admin.conftest import at


def of_update(update: IncidentUpdate, path: str = "") -> str:
    return at(update.incident, f"updates/{update.pk}/{path}")


def test_an_edit_leaves_a_revision_that_staff_read(console: Client) -> None:
    incident = make_incident(body="The api is slow.")
    update = incident.updates.get()
    response = console.post(of_update(update), {"body": "The API is slow.", "audience": "public"})
    assert response["Location"] == at(incident)
    revision = IncidentUpdateRevision.objects.get()
    assert (revision.body_before, revision.body_after) == ("The api is slow.", "The API is slow.")
    page = console.get(at(incident)).content.decode()
    assert "(edited" in page
    assert "<del>api </del><ins>API </ins>" in page
    assert "Alice" in page


def test_an_edit_may_make_a_text_private(console: Client) -> None:
    incident = make_incident(body="Quokka")
    update = incident.updates.get()
    console.post(of_update(update), {"body": "Quokka", "audience": "private"})
    assert IncidentUpdate.objects.get().is_public is False
    assert "made private" in console.get(at(incident)).content.decode()


def test_a_text_that_is_all_an_update_has_is_not_emptied(console: Client) -> None:
    incident = make_incident()
    console.post(at(incident, "post/"), {"status": "", "body": "Still slow."})
    update = incident.updates.latest("id")
    response = console.post(of_update(update), {"body": " ", "audience": "public"})
    assert response.status_code == 422
    assert "needs a text" in response.content.decode()
    assert IncidentUpdate.objects.latest("id").body == "Still slow."


def test_a_responder_does_not_edit(responder: Client) -> None:
    update = make_incident().updates.get()
    assert responder.post(of_update(update), {"body": "x", "audience": "public"}).status_code == 403


def test_the_title(console: Client) -> None:
    incident = make_incident("Checkout broken for all")
    response = console.post(at(incident, "title/"), {"title": "Checkout fails for card payments"})
    assert response.status_code == 302
    assert Incident.objects.get().title == "Checkout fails for card payments"
    page = console.get(at(incident)).content.decode()
    assert "renamed it from “Checkout broken for all”" in page
    refused = console.post(at(incident, "title/"), {"title": "x" * 300})
    assert "this one has 300" in refused.content.decode()
    assert Incident.objects.get().title == "Checkout fails for card payments"


def test_impacts_are_added_adjusted_and_taken_away(console: Client) -> None:
    incident = make_incident(components=("API",))
    web = component("Web app")
    fields = {"components": [web.pk], f"impact_{web.pk}": "major_outage"}
    console.post(at(incident, "impacts/"), fields)
    states = {
        state.component.name: state.state
        for state in ComponentState.objects.filter(page=default_page())
    }
    assert states == {"API": "operational", "Web app": "major_outage"}
    console.post(at(incident, "impacts/"), {"components": [web.pk]})
    assert incident.impacts.get(component=web).state == "partial_outage"


def test_publishing_on_more_pages(console: Client, responder: Client) -> None:
    incident = make_incident()
    where = at(incident, "publish/")
    assert responder.post(where, {"pages": [partner_page().pk]}).status_code == 403
    form = console.get(where).content.decode()
    assert "We are investigating slow responses" in form
    console.post(where, {"pages": [partner_page().pk]})
    assert set(incident.pages.all()) == {default_page(), partner_page()}
    nothing = console.post(where, {})
    assert "Choose at least one page." in nothing.content.decode()


def test_what_no_page_shows_is_offered_to_the_page_that_is_everybodys(console: Client) -> None:
    partner_page()
    shown, internal = make_incident(), make_incident(pages=())
    for incident, title, chosen in (
        (shown, "Publish on more pages", []),
        (internal, "Publish", [default_page().pk]),
    ):
        form = console.get(at(incident, "publish/")).content.decode()
        assert re.search(rf"<title>\s*{title} ·", form)
        assert re.findall(r'value="(\w+)"[^>]* checked', form) == chosen


def test_deleting_a_text_asks_first_and_keeps_the_step(console: Client) -> None:
    incident = make_incident(body="Quokka")
    update = incident.updates.get()
    question = console.get(of_update(update, "delete/")).content.decode()
    assert "The step to Investigating stays" in question
    assert IncidentUpdate.objects.get().deleted_at is None
    console.post(of_update(update, "delete/"))
    gone = IncidentUpdate.objects.get()
    assert (gone.body, gone.status) == ("", "investigating")
    page = console.get(at(incident)).content.decode()
    assert "The text was deleted by Alice" in page
    assert console.post(of_update(update, "delete/")).status_code == 404


def test_only_an_admin_deletes(editor: Client) -> None:
    incident = make_incident()
    assert editor.post(at(incident, "delete/")).status_code == 403
    assert editor.post(of_update(incident.updates.get(), "delete/")).status_code == 403
    assert "Delete" not in editor.get(at(incident)).content.decode()


def test_deleting_an_incident_says_what_will_happen(console: Client) -> None:
    incident = make_incident("Checkout fails for card payments")
    question = console.get(at(incident, "delete/")).content.decode()
    assert "It disappears from Acme" in question
    assert "API: back to what the other facts say" in question
    assert console.post(at(incident, "delete/"))["Location"] == "/admin/"
    assert not Incident.objects.kept().exists()
    assert console.get(at(incident)).status_code == 404
    entry = AuditEntry.objects.get(action="incident.deleted")
    assert entry.details["title"] == "Checkout fails for card payments"
