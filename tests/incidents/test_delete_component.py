"""A component that is deleted is in no list, and what happened to it stays readable."""

import pytest
from django.test import Client
from django.utils import timezone

from atender.locking import Gone
from incidents.catalogue.components import (
    add_component,
    change_component,
    delete_component,
    report_state,
)
from incidents.lifecycle import post_update
from incidents.models import (
    Component,
    ComponentReport,
    ComponentState,
    PageComponent,
    StateInterval,
)
from incidents.states import derive_states
from incidents.transitions import Saying
from tests.factories import STAFF, component, make_incident
from tests.incidents.admin.conftest import at

pytestmark = pytest.mark.usefixtures("acme")


def test_it_leaves_pages_lists_and_states() -> None:
    api = component("API")
    make_incident(severity="critical")
    delete_component(api, by=STAFF)
    assert not Component.objects.filter(pk=api.pk).exists()
    assert not PageComponent.objects.filter(component_id=api.pk).exists()
    assert not ComponentState.objects.filter(component_id=api.pk).exists()
    assert not StateInterval.objects.filter(component_id=api.pk, ended_at=None).exists()
    with pytest.raises(Gone):
        change_component(api, by=STAFF, name="x")
    with pytest.raises(Gone):
        report_state(api, state="degraded", by=STAFF)
    assert not ComponentReport.objects.filter(component_id=api.pk).exists()


def test_an_open_incident_goes_on_without_bringing_it_back(console: Client) -> None:
    api, incident = component("API"), make_incident(components=("API", "Web app"))
    delete_component(api, by=STAFF)
    derive_states([api.pk], at=timezone.now())
    post_update(incident, by=STAFF, saying=Saying(status="resolved", body="Over."))
    assert not ComponentState.objects.filter(component_id=api.pk).exists()
    assert console.get("/admin/").status_code == 200


def test_past_incidents_go_on_naming_it_to_staff(console: Client) -> None:
    incident = make_incident()
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    delete_component(component("API"), by=STAFF)
    name = "<span>API</span>"
    assert name in console.get(at(incident)).content.decode()
    listed = console.get("/admin/incidents/incident/?which=all").content.decode()
    assert "API" in listed.split("API response times degraded")[-1]


@pytest.mark.parametrize(
    "path", ["/", "/history", "/api/v2/summary.json", "/api/v2/components.json"]
)
def test_the_public_reads_on(path: str, visitor: Client) -> None:
    make_incident()
    delete_component(component("API"), by=STAFF)
    assert visitor.get(path).status_code == 200


def test_its_name_is_free_again() -> None:
    api = component("API")
    delete_component(api, by=STAFF)
    again = add_component("API", by=STAFF, group=api.group)
    assert again.pk != api.pk


def test_over_the_api(api: Client) -> None:
    path = f"/api/v1/components/{component('API').pk}"
    changed = api.patch(path, {"runbook": "# Go back"}, content_type="application/json").json()
    assert changed["runbook"] == "# Go back"
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    names = [row["name"] for row in api.get("/api/v1/components").json()["data"]]
    assert names == ["Payments", "Web app"]
