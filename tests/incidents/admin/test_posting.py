from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from atender.ids import new_ulid
from incidents.models import ComponentState, Incident
from tests.factories import default_page, make_incident
from tests.incidents.admin.conftest import at

Say = Callable[..., Any]


def state_of(name: str) -> str:
    return ComponentState.objects.get(component__name=name, page=default_page()).state


def test_the_primary_button_is_the_next_status(console: Client, say: Say) -> None:
    incident = make_incident()
    for words, status in (
        ("Post as Identified", "identified"),
        ("Post as Monitoring", "monitoring"),
        ("Resolve", "resolved"),
    ):
        page = console.get(at(incident)).content.decode()
        assert f'value="{status}" data-primary' in page
        assert f">{words}</button>" in page
        assert say(incident, status=status)["Location"] == at(incident)
        assert Incident.objects.get().status == status
    assert "data-primary" not in console.get(at(incident)).content.decode()


def test_a_step_needs_no_text(say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified")
    update = incident.updates.latest("id")
    assert (update.body, update.changes_status) == ("", True)


def test_a_text_alone_changes_no_status(say: Say) -> None:
    incident = make_incident()
    say(incident, status="", body="Still slow.")
    update = incident.updates.latest("id")
    assert (update.status, update.changes_status, update.by_name) == (
        "investigating",
        False,
        "Alice",
    )


def test_every_other_move_is_offered_and_made(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="another", another_status="resolved")
    page = console.get(at(incident)).content.decode()
    assert all(f'<option value="{s}"' in page for s in ("investigating", "identified"))
    say(incident, status="another", another_status="identified", body="It came back.")
    again = Incident.objects.get()
    assert (again.status, again.resolved_at) == ("identified", None)


def test_severity_alone(say: Say) -> None:
    incident = make_incident()
    say(incident, status="", severity="critical")
    assert Incident.objects.get().severity == "critical"
    assert state_of("API") == "major_outage"
    say(incident, status="", severity="none")
    assert Incident.objects.get().severity is None


def test_it_is_held_for_undo(say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified", body="Found.")
    update = incident.updates.latest("id")
    assert update.held_until is not None
    held = update.held_until - update.created_at
    assert timedelta(seconds=18) < held <= timedelta(seconds=20)


def test_silent_private_promise_and_eta(say: Say) -> None:
    incident = make_incident()
    say(
        incident,
        status="",
        body="The bank's hotline says it is them.",
        audience="private",
        is_silent="on",
        promise="15",
        eta="2030-01-02T03:04",
    )
    update = incident.updates.latest("id")
    assert (update.is_public, update.notifies) == (False, False)
    assert update.eta is not None
    assert update.eta.isoformat() == "2030-01-02T03:04:00+00:00"
    assert update.next_update_by is not None


def test_a_private_text_is_for_staff_alone(console: Client, visitor: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="identified", body="Quokka ate the cable", audience="private")
    workspace = console.get(at(incident)).content.decode()
    assert "Quokka ate the cable" in workspace
    assert "Private: only staff read the text" in workspace
    public = visitor.get(f"/incidents/{incident.pk}").content.decode()
    assert "Quokka" not in public
    assert "Identified" in public


def test_a_double_click_on_resolve_resolves_once(console: Client, say: Say) -> None:
    incident = make_incident()
    form = {"submission_id": new_ulid(), "status": "resolved"}
    first, second = say(incident, **form), say(incident, **form)
    assert first["Location"] == second["Location"] == at(incident)
    assert incident.updates.filter(changes_status=True, status="resolved").count() == 1


def test_resolving_what_a_colleague_resolved_shows_his_result(
    console: Client, editor: Client, say: Say
) -> None:
    incident = make_incident()
    editor.post(at(incident, "post/"), {"status": "resolved", "audience": "public"})
    response = say(incident, status="resolved")
    assert response["Location"] == at(incident)
    assert "It is resolved already by Edda at" in console.get(at(incident)).content.decode()
    assert incident.updates.count() == 2


def test_a_text_typed_meanwhile_is_kept(editor: Client, say: Say) -> None:
    incident = make_incident()
    editor.post(at(incident, "post/"), {"status": "resolved", "audience": "public"})
    response = say(incident, status="resolved", body="Card payments go through again.")
    assert response.status_code == 409
    page = response.content.decode()
    assert "Card payments go through again." in page
    assert "Your text is kept" in page
    assert incident.updates.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": ""}, "write a text, or choose another status"),
        ({"status": "scheduled"}, "is no status of an incident"),
        ({"status": "nonsense"}, "is no status of an incident"),
        ({"status": "another"}, "Choose the status that it shall have."),
        ({"status": "identified", "another_status": "resolved"}, "The list says Resolved"),
        ({"status": "identified", "eta": "soon"}, "This is no date and time"),
        ({"status": "identified", "severity": "maintenance"}, "is none of the choices"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    say: Say, fields: dict[str, str], sentence: str
) -> None:
    incident = make_incident()
    response = say(incident, **{"body": "", **fields})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert incident.updates.count() == 1
    assert Incident.objects.get().status == "investigating"


def test_a_responder_posts(responder: Client) -> None:
    incident = make_incident()
    response = responder.post(at(incident, "post/"), {"status": "identified"})
    assert response.status_code == 302
    assert incident.updates.latest("id").by_name == "Rita"


def test_a_viewer_sees_no_buttons(bobs_console: Client) -> None:
    incident = make_incident()
    page = bobs_console.get(at(incident)).content.decode()
    assert "We are investigating slow responses" in page
    main = page[page.index('class="workspace"') :]
    assert "<button" not in main[: main.index("</aside>")]
    assert "Edit" not in main


def test_taking_it(console: Client, editor: Client) -> None:
    incident = make_incident()
    assert "Who has it: <strong>nobody" in console.get(at(incident)).content.decode()
    response = console.post(at(incident, "acknowledge/"), {"next": "/admin/"})
    assert response["Location"] == "/admin/"
    assert Incident.objects.get().acknowledged_by_name == "Alice"
    late = editor.post(at(incident, "acknowledge/"), follow=True)
    assert "Alice has it; ask before you both work on it." in late.content.decode()
    assert Incident.objects.get().acknowledged_by_name == "Alice"


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_the_way_back_stays_in_the_house(console: Client, path: str) -> None:
    incident = make_incident()
    response = console.post(at(incident, "acknowledge/"), {"next": path})
    assert response["Location"] == at(incident)
