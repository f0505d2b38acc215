"""Two people who correct the same thing: the second reads what the first made of it."""

import re
from typing import Any

from django.test import Client

from incidents.correcting import change_incident
from incidents.models import Incident, IncidentUpdateRevision
from incidents.timeline import edit_update
from tests.factories import STAFF, component, make_incident
from tests.incidents.admin.conftest import at


def opened(console: Client, where: str) -> dict[str, Any]:
    """The hidden fields of a form that somebody has just opened."""
    page = console.get(where).content.decode()
    found = re.findall(r'<input type="hidden" name="(submission_id|seen)" value="(\w+)"', page)
    assert len(found) == 2
    return dict(found)


def test_a_title_that_a_colleague_changed_meanwhile_is_read_first(console: Client) -> None:
    incident = make_incident("Checkout broken for all")
    hidden = opened(console, at(incident, "title/"))
    change_incident(incident, by=STAFF, title="Cards are declined in Europe")
    fields = hidden | {"title": "Checkout fails for cards"}
    refused = console.post(at(incident, "title/"), fields)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "somebody renamed it to “Cards are declined in Europe” since you opened it." in page
    assert "Press “Change the title” again if yours is to replace that." in page
    assert ">Change the title</button>" in page
    assert 'value="Checkout fails for cards"' in page
    assert Incident.objects.get().title == "Cards are declined in Europe"

    [seen] = re.findall(r'name="seen" value="(\w+)"', page)
    assert seen != hidden["seen"]
    assert console.post(at(incident, "title/"), fields | {"seen": seen}).status_code == 302
    assert Incident.objects.get().title == "Checkout fails for cards"


def test_a_text_that_a_colleague_corrected_meanwhile_is_read_first(console: Client) -> None:
    incident = make_incident(body="Slw.")
    update = incident.updates.get()
    where = at(incident, f"updates/{update.pk}/")
    hidden = opened(console, where)
    edit_update(update, by=STAFF, body="Slow in Europe.", is_public=False)
    fields = hidden | {"body": "Slow.", "audience": "public"}
    page = console.post(where, fields).content.decode()
    assert "since you opened it; it is private and reads “Slow in Europe.”" in page
    assert "Press “Save the text” again if yours is to replace that." in page
    assert ">Save the text</button>" in page
    assert ">Slow.</textarea>" in page
    update.refresh_from_db()
    assert (update.body, update.is_public) == ("Slow in Europe.", False)
    assert IncidentUpdateRevision.objects.count() == 1


def test_a_component_that_a_colleague_added_meanwhile_does_not_recover(console: Client) -> None:
    incident = make_incident(components=("API",))
    api, web = component("API"), component("Web app")
    hidden = opened(console, at(incident, "impacts/"))
    change_incident(incident, by=STAFF, impacts={web.pk: "major_outage"})
    fields = hidden | {"components": [api.pk], f"impact_{api.pk}": "degraded"}
    page = console.post(at(incident, "impacts/"), fields).content.decode()
    assert "Nothing was saved: somebody changed the components since you opened this." in page
    assert re.search(rf'value="{web.pk}"[^>]* checked', page)
    assert incident.impacts.get(component=web).state == "major_outage"
    assert incident.impacts.get(component=api).state == "partial_outage"


def test_a_second_click_saves_once_and_complains_of_nothing(console: Client) -> None:
    incident = make_incident(body="Slw.", components=("API",))
    update = incident.updates.get()
    for path, fields in (
        ("title/", {"title": " Checkout fails "}),
        ("impacts/", {"components": []}),
        (f"updates/{update.pk}/", {"body": "Slow.\r\nStill. ", "audience": "public"}),
    ):
        sent = opened(console, at(incident, path)) | fields
        assert console.post(at(incident, path), sent).status_code == 302
        assert console.post(at(incident, path), sent).status_code == 302
    assert IncidentUpdateRevision.objects.count() == 1
