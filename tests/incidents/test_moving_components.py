"""Updates that say what an incident does to components from now on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from atender.refusals import Refused
from incidents.correcting import change_incident
from incidents.drafts.keeping import Written, save_draft
from incidents.drafts.publishing import publish_now
from incidents.lifecycle import post_update
from incidents.models import ComponentImpact, Incident, IncidentUpdate
from incidents.timeline import withdraw_update
from incidents.transitions import NothingSaid, Saying
from tests.factories import STAFF, component, make_incident

pytestmark = pytest.mark.usefixtures("acme")
HOLD = timedelta(minutes=1)


def say(incident: Incident, **words: Any) -> IncidentUpdate:
    return post_update(incident, by=STAFF, saying=Saying(**words))


def state_of(name: str = "API") -> str:
    return component(name).states.get(page=None).state


def impacts(incident: Incident) -> dict[str, tuple[str, bool]]:
    rows = ComponentImpact.objects.filter(incident=incident).select_related("component")
    return {row.component.name: (row.state, row.is_adjusted) for row in rows}


def test_a_step_moves_components_with_it() -> None:
    incident = make_incident(severity="critical")
    api, web = component(), component("Web app")
    update = say(
        incident, status="monitoring", impacts={api.pk: "degraded", web.pk: "partial_outage"}
    )
    assert impacts(incident) == {"API": ("degraded", True), "Web app": ("partial_outage", True)}
    assert (state_of(), state_of("Web app")) == ("degraded", "partial_outage")
    assert update.impacts == {api.pk: "degraded", web.pk: "partial_outage"}
    assert update.impacts_before == {api.pk: {"state": "major_outage", "is_adjusted": False}}


def test_components_alone_are_enough_unless_nothing_moves() -> None:
    incident = make_incident()
    update = say(incident, impacts={component().pk: "major_outage"})
    assert (update.is_transition, incident.updates.visible().count()) == (False, 1)
    with pytest.raises(NothingSaid):
        say(incident, impacts={component().pk: "major_outage"})


def test_components_alone_keep_no_promise() -> None:
    incident = make_incident()
    until = timezone.now() + timedelta(minutes=30)
    say(incident, body="We look.", next_update_by=until)
    say(incident, impacts={component().pk: "degraded"})
    incident.refresh_from_db()
    assert incident.next_update_by == until
    say(incident, body="It gets better.")
    incident.refresh_from_db()
    assert incident.next_update_by is None


def test_what_was_said_holds_against_the_severity_of_the_same_update() -> None:
    incident = make_incident(severity="minor")
    say(incident, severity="critical", impacts={component().pk: "degraded"})
    assert impacts(incident) == {"API": ("degraded", True)}


def test_undo_gives_the_states_back() -> None:
    incident = make_incident(severity="minor")
    api, web = component(), component("Web app")
    update = say(
        incident,
        severity="critical",
        impacts={api.pk: "partial_outage", web.pk: "degraded"},
        hold=HOLD,
    )
    withdraw_update(update, by=STAFF)
    assert impacts(incident) == {"API": ("degraded", False)}
    assert (state_of(), state_of("Web app")) == ("degraded", "operational")


def test_undo_leaves_what_was_changed_after_it() -> None:
    incident = make_incident()
    update = say(incident, impacts={component().pk: "degraded"}, body="Better.", hold=HOLD)
    change_incident(incident, by=STAFF, impacts={component().pk: "major_outage"})
    withdraw_update(update, by=STAFF)
    assert impacts(incident) == {"API": ("major_outage", True)}


def test_an_incident_that_is_over_affects_nothing() -> None:
    incident = make_incident()
    with pytest.raises(Refused, match="affects no component any more") as refused:
        say(incident, status="resolved", impacts={component().pk: "degraded"})
    assert refused.value.field == "component_impacts"
    update = say(incident, status="resolved", impacts={component().pk: "operational"})
    assert update.impacts == {}
    assert impacts(incident) == {"API": ("partial_outage", False)}
    assert state_of() == "operational"


def test_an_unknown_state_is_refused_and_leaves_nothing() -> None:
    incident = make_incident()
    with pytest.raises(Refused, match="'broken' is no state of a component"):
        say(incident, body="Look.", impacts={component().pk: "broken"})
    assert incident.updates.count() == 1


def test_a_draft_keeps_them_until_it_is_published() -> None:
    incident = make_incident()
    written = Written(impacts={component().pk: "degraded"})
    at = timezone.now() + timedelta(hours=1)
    draft = save_draft(written, by=STAFF, incident=incident, publish_at=at)
    assert state_of() == "partial_outage"
    publish_now(draft, by=STAFF)
    assert state_of() == "degraded"


def test_the_api_moves_them_with_an_update(api: Client, post: Callable[..., Any]) -> None:
    incident = make_incident()
    given = [{"component_id": component().pk, "state": "degraded"}]
    response = post(
        f"/api/v1/incidents/{incident.pk}/updates", status="monitoring", component_impacts=given
    )
    assert response.json()["component_impacts"] == given
    read = api.get(f"/api/v1/incidents/{incident.pk}").json()
    assert read["component_impacts"] == given
    assert [u["component_impacts"] for u in read["updates"]] == [[], given]


def test_the_api_knows_its_components_and_their_states(post: Callable[..., Any]) -> None:
    incident = make_incident()
    for given in ({"component_id": new_ulid(), "state": "degraded"}, {"component_id": "x"}):
        response = post(
            f"/api/v1/incidents/{incident.pk}/updates", body="Look.", component_impacts=[given]
        )
        assert response.status_code in (400, 422)
        assert response.json()["errors"][0]["field"].startswith("component_impacts")
    assert incident.updates.count() == 1


def test_a_draft_of_the_api_carries_them(post: Callable[..., Any]) -> None:
    incident = make_incident()
    given = [{"component_id": component().pk, "state": "degraded"}]
    draft = post("/api/v1/drafts", incident_id=incident.pk, component_impacts=given).json()
    assert draft["component_impacts"] == given
    assert post(f"/api/v1/drafts/{draft['id']}/publish").json()["component_impacts"] == given
