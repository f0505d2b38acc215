"""The composer moves components with the update that says why."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from atender.ids import new_ulid
from incidents.models import Draft
from incidents.timeline import withdraw_update
from tests.factories import STAFF, component, make_incident
from tests.incidents.admin.conftest import at

Say = Callable[..., Any]


def test_a_step_and_what_it_means_for_components_are_one_click(console: Client, say: Say) -> None:
    incident = make_incident(severity="critical")
    page = console.get(at(incident)).content.decode()
    assert "stays major outage" in page
    name = f"impact_{component().pk}"
    assert say(incident, status="monitoring", **{name: "degraded"})["Location"] == at(incident)
    assert incident.impacts.get().state == "degraded"
    page = console.get(at(incident)).content.decode()
    assert "API: Major outage → Degraded" in page
    assert "stays degraded" in page


def test_a_state_that_is_none_posts_nothing(say: Say) -> None:
    incident = make_incident()
    response = say(incident, status="", body="Look.", **{f"impact_{component().pk}": "broken"})
    assert response.status_code == 422
    assert incident.updates.count() == 1


def test_resolving_while_something_stays_broken_is_asked_back(say: Say) -> None:
    incident = make_incident()
    response = say(incident, status="resolved", **{f"impact_{component().pk}": "degraded"})
    assert response.status_code == 422
    assert "affects no component any more" in response.content.decode()
    assert incident.updates.count() == 1


def test_what_was_chosen_is_still_there_after_undo_and_in_a_draft(
    console: Client, say: Say
) -> None:
    incident = make_incident()
    name = f"impact_{component().pk}"
    say(incident, status="", body="Worse.", **{name: "major_outage"})
    update = incident.updates.latest("id")
    withdraw_update(update, by=STAFF)
    composer = console.get(f"{at(incident)}?restore={update.pk}").context["composer"]
    assert composer[name].value() == "major_outage"
    sent = {"submission_id": new_ulid(), "keep": "draft", "audience": "public", name: "degraded"}
    console.post(at(incident, "draft/"), sent)
    draft = Draft.objects.get()
    composer = console.get(f"{at(incident)}?draft={draft.pk}").context["composer"]
    assert composer[name].value() == "degraded"
