from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from incidents.models import ComponentState, Incident, IncidentUpdate
from subscribers.models import Delivery
from tests.factories import default_page, make_incident
from tests.incidents.admin.conftest import at

Say = Callable[..., Any]


def undo(client: Client, update: IncidentUpdate, *, follow: bool = False) -> Any:
    path = f"updates/{update.pk}/undo/"
    return client.post(at(update.incident, path), follow=follow)


def state() -> str:
    return ComponentState.objects.get(component__name="API", page=default_page()).state


def test_undo_restores_status_and_components_and_tells_nobody(console: Client, say: Say) -> None:
    incident = make_incident()
    assert state() == "partial_outage"
    say(incident, status="resolved", body="Fixed.")
    assert state() == "operational"
    page = undo(console, incident.updates.latest("id"), follow=True).content.decode()
    again = Incident.objects.get()
    assert (again.status, again.resolved_at) == ("investigating", None)
    assert state() == "partial_outage"
    assert incident.updates.kept().count() == 1
    assert not Delivery.objects.exists()
    assert "Taken back: nobody was told." in page


def test_the_text_is_in_the_composer_again(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified", body="A cable was cut in Rotterdam.", audience="private")
    page = undo(console, incident.updates.latest("id"), follow=True).content.decode()
    assert ">A cable was cut in Rotterdam.</textarea>" in page
    assert 'value="private" checked' in page


def test_the_strip_counts_down_on_the_server(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified")
    strip = console.get(at(incident)).content.decode()
    assert "Posted as Identified." in strip
    assert "subscribers are told at" in strip
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        assert "data-held=" not in console.get(at(incident)).content.decode()


def test_after_the_hold_it_is_too_late(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified")
    update = incident.updates.latest("id")
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        page = undo(console, update, follow=True).content.decode()
    assert "on their way; post a correction" in page
    assert Incident.objects.get().status == "identified"


def test_undone_twice_stays_undone(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified")
    update = incident.updates.latest("id")
    assert undo(console, update).status_code == undo(console, update).status_code == 302
    assert incident.updates.kept().count() == 1


def test_only_the_author_or_an_editor_takes_back(
    responder: Client, editor: Client, say: Say
) -> None:
    incident = make_incident()
    say(incident, status="identified")
    update = incident.updates.latest("id")
    assert undo(responder, update).status_code == 403
    assert "data-held=" not in responder.get(at(incident)).content.decode()
    assert undo(editor, update).status_code == 302
    assert Incident.objects.get().status == "investigating"


def test_the_author_of_a_mere_role_takes_his_own_back(responder: Client) -> None:
    incident = make_incident()
    responder.post(at(incident, "post/"), {"status": "identified"})
    assert undo(responder, incident.updates.latest("id")).status_code == 302
    assert Incident.objects.get().status == "investigating"


def test_a_composer_that_was_undone_posts_nothing_again(console: Client, say: Say) -> None:
    incident = make_incident()
    form = {"submission_id": "01JD0000000000000000000000", "status": "identified", "body": "Found."}
    say(incident, **form)
    undo(console, incident.updates.latest("id"))
    response = say(incident, **form)
    assert "restore=" in response["Location"]
    assert Incident.objects.get().status == "investigating"


def test_a_silent_update_says_that_nobody_is_mailed(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified", is_silent="on")
    assert "Nobody is mailed for it." in console.get(at(incident)).content.decode()


def test_an_internal_incident_promises_no_mail(console: Client) -> None:
    incident = make_incident(pages=())
    console.post(at(incident, "post/"), {"status": "identified"})
    page = console.get(at(incident)).content.decode()
    assert "Nobody is mailed for it." in page
    assert "mails wait until" not in page
