"""Two people at one incident."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident
from tests.factories import make_incident
from tests.incidents.admin.conftest import at

Say = Callable[..., Any]


@pytest.fixture
def incident(editor: Client) -> Incident:
    """Edda posted after Alice had opened the workspace."""
    incident = make_incident()
    incident.seen_by_alice = incident.updates.get().pk  # type: ignore[attr-defined]
    editor.post(
        at(incident, "post/"), {"status": "identified", "body": "A cable.", "audience": "public"}
    )
    return incident


def test_a_step_past_what_was_not_read_is_asked_again(say: Say, incident: Incident) -> None:
    fields = {
        "status": "monitoring",
        "body": "We rolled back.",
        "severity": "critical",
        "seen": incident.seen_by_alice,  # type: ignore[attr-defined]
    }
    response = say(incident, **fields)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Edda posted “Identified” at" in page
    assert ">We rolled back.</textarea>" in page
    assert '<option value="critical" selected>' in page
    assert "A cable." in page
    assert incident.updates.count() == 2

    newest = incident.updates.latest("id").pk
    assert f'name="seen" value="{newest}"' in page
    assert say(incident, **{**fields, "seen": newest}).status_code == 302
    assert Incident.objects.get().status == "monitoring"


def test_a_text_that_changes_nothing_may_cross(say: Say, incident: Incident) -> None:
    seen = incident.seen_by_alice  # type: ignore[attr-defined]
    assert say(incident, status="", body="Still slow.", seen=seen).status_code == 302
    assert Incident.objects.get().status == "identified"


def test_a_step_that_was_taken_back_is_no_obstacle(
    editor: Client, say: Say, incident: Incident
) -> None:
    newest = incident.updates.latest("id").pk
    editor.post(at(incident, f"updates/{newest}/undo/"))
    seen = incident.seen_by_alice  # type: ignore[attr-defined]
    assert say(incident, status="identified", seen=seen).status_code == 302


def test_the_workspace_carries_the_newest_update(console: Client, incident: Incident) -> None:
    newest = incident.updates.latest("id").pk
    assert f'name="seen" value="{newest}"' in console.get(at(incident)).content.decode()


@pytest.mark.parametrize("seen", ["", "junk", "Z" * 26])
def test_a_composer_that_does_not_say_is_not_asked(say: Say, incident: Incident, seen: str) -> None:
    assert say(incident, status="monitoring", seen=seen).status_code == 302


def test_another_mistake_does_not_make_it_read(say: Say, incident: Incident) -> None:
    seen = incident.seen_by_alice  # type: ignore[attr-defined]
    page = say(incident, status="another", seen=seen).content.decode()
    assert f'name="seen" value="{seen}"' in page
