"""/api/v1/templates, and `template_id` where something is posted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import ComponentState, Incident, Template
from monitors.models import Monitor
from tests.conftest import api_client
from tests.factories import component, default_page, make_incident, make_key

Post = Callable[..., Any]
URL = "/api/v1/templates"
INCIDENTS = "/api/v1/incidents"
JSON: Any = {"content_type": "application/json"}


def shipped(name: str) -> Template:
    return Template.objects.get(name=name)


def test_added_read_changed_deleted(post: Post, api: Client) -> None:
    added = post(
        URL,
        kind="incident",
        name="Login fails",
        title="Nobody can log in to {{component}}",
        body="Since {{started_at}}",
        severity="major",
        component_ids=[component().id],
    )
    assert added.status_code == 201, added.content
    document = added.json()
    assert document["placeholders"] == ["component", "started_at"]
    assert (document["status"], document["component_ids"]) == (None, [component().id])
    where = f"{URL}/{document['id']}"
    read = api.get(where)
    assert (read.json(), read["ETag"]) == (document, added["ETag"])

    changed = api.patch(where, {"status": "identified"}, headers={"if-match": read["ETag"]}, **JSON)
    assert (changed.status_code, changed.json()["status"]) == (200, "identified")
    stale = api.patch(where, {"name": "x"}, headers={"if-match": read["ETag"]}, **JSON)
    assert stale.status_code == 412

    assert api.delete(where).status_code == 204
    assert api.get(where).status_code == 404


def test_listed_newest_first_with_cursors_and_by_kind(post: Post, api: Client) -> None:
    post(URL, kind="update", name="Mine", body="We are on it.")
    first = api.get(URL, {"limit": 1}).json()
    assert first["data"][0]["name"] == "Mine"
    rest = api.get(URL, {"cursor": first["next_cursor"]}).json()
    assert rest["next_cursor"] is None
    assert "Mine" not in [row["name"] for row in rest["data"]]
    updates = api.get(URL, {"kind": "update"}).json()["data"]
    assert {row["kind"] for row in updates} == {"update"}
    assert api.get(URL, {"kind": "mail"}).status_code == 400


def test_the_list_costs_the_same_however_many(
    api: Client, post: Post, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        post(URL, kind="update", name=f"Mine {number}", body="We are on it.")
    with django_assert_max_num_queries(6):
        assert len(api.get(URL).json()["data"]) > 10


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"body": "{{ settings.SECRET_KEY }}"}, "body"),
        ({"title": "{{components}} {{who}}"}, "title"),
        ({"component_ids": ["01JD0000000000000000000000"]}, "component_ids"),
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"kind": "mail"}, "kind"),
        ({"severity": "maintenance"}, "severity"),
        ({"status": "maintenance"}, "status"),
    ],
)
def test_refused_with_the_field(post: Post, fields: dict[str, Any], field: str) -> None:
    before = Template.objects.count()
    response = post(URL, **{"kind": "incident", "name": "Mine", "body": "Text", **fields})
    assert response.status_code in (400, 422)
    assert field in [error.get("field") for error in response.json()["errors"]]
    assert Template.objects.count() == before


def test_the_same_idempotency_key_adds_one(api: Client) -> None:
    body = {"kind": "update", "name": "Mine", "body": "We are on it."}
    answers = [
        api.post(URL, body, headers={"idempotency-key": "k1"}, **JSON).json()["id"]
        for _ in range(2)
    ]
    assert len(set(answers)) == 1


def test_scopes(acme: Tenant) -> None:
    body = {"kind": "update", "name": "Mine", "body": "We are on it."}
    assert api_client(make_key("read")).get(URL).status_code == 200
    assert api_client(make_key("read")).post(URL, body, **JSON).status_code == 403
    assert api_client(make_key("pages")).get(URL).status_code == 403
    assert api_client(make_key("incidents")).post(URL, body, **JSON).status_code == 201


def test_an_incident_from_a_template(post: Post) -> None:
    response = post(
        INCIDENTS,
        template_id=shipped("Outage").id,
        component_impacts=[{"component_id": component("Payments").id, "state": "partial_outage"}],
        status_page_ids=[default_page().id],
        started_at="2026-04-24T17:42:00Z",
    )
    assert response.status_code == 201, response.content
    incident = response.json()
    assert incident["title"] == "Payments cannot be reached"
    assert (incident["severity"], incident["status"]) == ("critical", "investigating")
    assert "reachable since 17:42 UTC on 24 April 2026" in incident["updates"][0]["body"]


def test_what_the_body_says_comes_first(post: Post) -> None:
    incident = post(
        INCIDENTS,
        template_id=shipped("Outage").id,
        title="Nobody can pay by card",
        severity=None,
        status="identified",
        initial_update={"body": "Our own words.", "public": False},
    ).json()
    assert incident["title"] == "Nobody can pay by card"
    assert (incident["severity"], incident["status"]) == (None, "identified")
    assert incident["updates"][0]["body"] == "Our own words."
    assert not incident["updates"][0]["public"]


def test_the_templates_components_are_affected_unless_others_are_named(post: Post) -> None:
    mine = post(
        URL,
        kind="incident",
        name="Mine",
        title="{{component}} down",
        component_ids=[component().id],
    ).json()["id"]
    first = post(INCIDENTS, template_id=mine, severity="critical").json()
    assert first["title"] == "API down"
    assert ComponentState.objects.get(component=component(), page=None).state == "major_outage"
    impacts = [{"component_id": component("Web app").id, "state": "degraded"}]
    second = post(INCIDENTS, template_id=mine, component_impacts=impacts).json()
    assert second["title"] == "Web app down"
    assert second["component_impacts"] == impacts


def test_a_gap_is_refused(post: Post) -> None:
    response = post(INCIDENTS, template_id=shipped("Outage").id)
    assert response.status_code == 422
    assert "{{component}} is not filled in" in response.json()["detail"]
    assert not Incident.objects.exists()


def test_an_update_from_a_template(post: Post) -> None:
    incident = make_incident()
    url = f"{INCIDENTS}/{incident.id}/updates"
    update = post(url, template_id=shipped("Identified").id).json()
    assert update["status"] == "identified"
    assert update["body"].endswith("Affected: API.")
    day = timezone.now() + timedelta(days=9)
    promised = f"{day:%Y-%m-%d}T10:00:00Z"
    still = post(url, template_id=shipped("Still working on it").id, next_update_by=promised).json()
    assert still["status"] == "identified"
    assert f"10:00 UTC on {day.day} {day:%B %Y}" in still["body"]


def test_the_wrong_kind_an_unknown_one_and_a_neighbours(post: Post, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = shipped("Outage").id
    for wrong in (shipped("Identified").id, "01JD0000000000000000000000", foreign, "x"):
        response = post(INCIDENTS, template_id=wrong, title="A title")
        assert response.status_code == 422, wrong
        assert response.json()["errors"][0]["field"] == "template_id"
    updates = f"{INCIDENTS}/{make_incident().id}/updates"
    assert post(updates, template_id=shipped("Outage").id).status_code == 422


def test_without_a_template_a_title_is_still_required(post: Post) -> None:
    response = post(INCIDENTS, severity="minor")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "title"


def test_monitors_name_their_components_and_planned_work_keeps_its_own_words(post: Post) -> None:
    monitor = Monitor.objects.get()
    component("Web app").monitor_links.create(monitor=monitor)
    outage = shipped("Outage").id
    assert (
        "Web app" in post(INCIDENTS, template_id=outage, monitor_ids=[monitor.id]).json()["title"]
    )
    planned = post(INCIDENTS, template_id=outage, title="Planned", severity="maintenance")
    assert planned.status_code == 422
