"""Kener's calls, verbatim: they publish to the default page and answer in its own words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident, IncidentUpdate, Page
from incidents.transitions import Saying
from monitors.models import Monitor
from tests.conftest import api_client
from tests.factories import STAFF, component, default_page, make_incident, make_key

Post = Callable[..., Any]
URL = "/api/incidents"
CREATE = """{
    "title": "API Latency Issues",
    "status": "investigating",
    "impact": "minor",
    "message": "We are investigating increased API response times."
  }"""
UPDATE = """{
    "status": "identified",
    "message": "Root cause identified. Working on a fix."
  }"""
MAINTENANCE = """{
    "title": "Database Maintenance",
    "scheduledStart": "2024-01-15T02:00:00Z",
    "scheduledEnd": "2024-01-15T04:00:00Z",
    "impact": "minor",
    "message": "Scheduled database maintenance. Expect brief interruptions."
}"""


@pytest.fixture
def send(api: Client) -> Callable[[str, str], Any]:
    """POST a text exactly as it stands in the document."""
    return lambda path, text: api.post(path, text, content_type="application/json")


def test_creates_as_documented(send: Post, visitor: Client) -> None:
    response = send(URL, CREATE)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert answer | json.loads(CREATE) == answer
    assert answer["resolvedAt"] is answer["scheduledStart"] is answer["scheduledEnd"] is None
    (update,) = answer["updates"]
    assert (update["status"], update["message"]) == ("investigating", answer["message"])
    incident = Incident.objects.get(pk=answer["id"])
    assert list(incident.pages.all()) == [default_page()]
    assert incident.by_name == "tests"
    shown = visitor.get("/").content
    assert b"API Latency Issues" in shown
    assert b"increased API response times" in shown


def test_updates_as_documented(send: Post, visitor: Client) -> None:
    incident_id = send(URL, CREATE).json()["id"]
    response = send(f"{URL}/{incident_id}/updates", UPDATE)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert answer["id"] == incident_id
    assert answer | json.loads(UPDATE) == answer
    assert [update["status"] for update in answer["updates"]] == ["investigating", "identified"]
    assert b"Root cause identified" in visitor.get("/").content


def test_resolving_says_when(post: Post) -> None:
    incident = make_incident()
    path = f"{URL}/{incident.id}/updates"
    answer = post(path, status="resolved", message="All systems operational").json()
    assert answer["status"] == "resolved"
    assert answer["resolvedAt"] == answer["updates"][-1]["createdAt"]
    again = post(path, status="resolved")
    assert again.status_code == 409
    assert incident.updates.count() == 2


def test_plans_maintenance_as_documented(send: Post, visitor: Client) -> None:
    response = send(URL, MAINTENANCE)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert answer | json.loads(MAINTENANCE) == answer
    # The document's window is long over.
    assert (answer["status"], answer["resolvedAt"]) == ("completed", answer["scheduledEnd"])
    incident = Incident.objects.get(pk=answer["id"])
    assert (incident.kind, incident.severity) == ("maintenance", "maintenance")
    assert list(incident.pages.all()) == [default_page()]
    assert visitor.get(f"/maintenance/{incident.id}").status_code == 200


def test_maintenance_runs_and_ends(send: Post, post: Post) -> None:
    path = f"{URL}/{send(URL, MAINTENANCE).json()['id']}/updates"
    assert post(path, status="in_progress").json()["status"] == "in_progress"
    ended = post(path, status="resolved").json()
    assert ended["status"] == "completed"
    assert ended["resolvedAt"]


@pytest.mark.parametrize(
    ("impact", "severity", "answered"),
    [
        ({}, None, "none"),
        ({"impact": None}, None, "none"),
        ({"impact": "none"}, None, "none"),
        ({"impact": "major"}, "major", "major"),
        ({"impact": "critical"}, "critical", "critical"),
    ],
)
def test_impact_is_severity(
    post: Post, impact: dict[str, Any], severity: str | None, answered: str
) -> None:
    assert post(URL, title="A notice for all", **impact).json()["impact"] == answered
    assert Incident.objects.get().severity == severity


def test_a_private_text_is_not_answered(post: Post) -> None:
    incident = make_incident()
    saying = Saying(body="It was the quokka", is_public=False, status="identified")
    post_update(incident, by=STAFF, saying=saying)
    response = post(f"{URL}/{incident.id}/updates", message="Still working on it.")
    assert b"quokka" not in response.content
    said = [(u["status"], u["message"]) for u in response.json()["updates"]]
    assert said[1:] == [("identified", ""), ("identified", "Still working on it.")]


def test_sent_again_under_its_key_it_opens_one(api: Client) -> None:
    def send() -> Any:
        headers = {"Idempotency-Key": "the-same"}
        return api.post(URL, CREATE, content_type="application/json", headers=headers)

    assert send().json() == send().json()
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"title": None}, "title", "null"),
        ({"title": " "}, "title", "A title is empty"),
        ({"impact": "huge"}, "impact", "'huge' is no impact; it is one of none, minor"),
        ({"impact": "maintenance"}, "impact", "no impact"),
        ({"status": "gone"}, "status", "'gone' is no status of an incident"),
        ({"message": "x" * 20_001}, "message", "at most 20,000"),
        ({"message": ["x"]}, "message", "in quotation marks"),
        ({"message": 5}, "message", "in quotation marks"),
        ({"scheduledStart": "soon"}, "scheduledStart", "with its zone"),
        ({"scheduledEnd": "2030-01-01T00:00:00Z"}, "scheduledStart", "also starts"),
        (
            {"scheduledStart": "2030-01-02T00:00:00Z", "scheduledEnd": "2030-01-01T00:00:00Z"},
            "scheduledEnd",
            "ends before it starts",
        ),
        ({"scheduledStart": "2030-01-02T00:00:00Z", "status": "identified"}, "status", "scheduled"),
    ],
)
def test_bad_input_names_the_dialects_field(
    post: Post, body: dict[str, Any], field: str, sentence: str
) -> None:
    response = post(URL, **({"title": "API slow"} | body))
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"
    (problem,) = response.json()["errors"]
    assert problem["field"] == field
    assert sentence in problem["detail"]
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("mesage", "message"),
        ("description", "message"),
        ("severity", "impact"),
        ("scheduled_start", "scheduledStart"),
        ("monitors", "monitor_ids"),
    ],
)
def test_a_misspelt_field_is_told_instead_of_being_lost(
    post: Post, misspelt: str, meant: str
) -> None:
    response = post(URL, title="API slow", **{misspelt: "x"})
    assert response.status_code == 400
    (problem,) = response.json()["errors"]
    assert problem["field"] == misspelt
    assert f"did you mean '{meant}'?" in problem["detail"]
    assert not Incident.objects.exists()


def test_a_misspelt_field_of_an_update_is_told(post: Post) -> None:
    response = post(f"{URL}/{make_incident().id}/updates", status="identified", text="Found it.")
    assert response.status_code == 400
    assert "did you mean 'message'?" in response.json()["errors"][0]["detail"]
    assert IncidentUpdate.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "message"), ({"status": "gone"}, "status"), ({"message": "x" * 20_001}, "message")],
)
def test_a_bad_update_leaves_nothing(post: Post, body: dict[str, str], field: str) -> None:
    response = post(f"{URL}/{make_incident().id}/updates", **body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field
    assert IncidentUpdate.objects.count() == 1


def test_without_a_default_page_nothing_is_hidden_away(post: Post) -> None:
    Page.objects.update(is_default=False)
    response = post(URL, title="API slow")
    assert response.status_code == 422
    assert "no default page" in response.json()["detail"]
    assert not Incident.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_posting_is_offered(api: Client, method: str) -> None:
    for path in (URL, f"{URL}/{make_incident().id}/updates"):
        assert getattr(api, method)(path).status_code == 405


def test_who_may_post(acme: Tenant) -> None:
    path = f"{URL}/{make_incident().id}/updates"
    anonymous = Client(HTTP_HOST="acme.localhost")
    reader, writer = api_client(make_key("read")), api_client(make_key("incidents"))
    for url, text in ((URL, CREATE), (path, UPDATE)):
        answers = [
            client.post(url, text, content_type="application/json").status_code
            for client in (anonymous, reader, writer)
        ]
        assert answers == [401, 403, 201]


def test_a_strangers_incident_is_unknown(globex: Tenant, acme: Tenant, send: Post) -> None:
    with in_tenant("globex"):
        foreign = make_incident("Globex API slow").id
    assert send(f"{URL}/{foreign}/updates", UPDATE).status_code == 404
    reader = api_client(make_key("read"))
    refused = reader.post(f"{URL}/{foreign}/updates", "{}", content_type="application/json")
    assert refused.status_code == 404
    with in_tenant("globex"):
        assert IncidentUpdate.objects.filter(incident_id=foreign).count() == 1


def test_a_deleted_incident_is_unknown(api: Client, send: Post) -> None:
    incident = make_incident()
    assert api.delete(f"/api/v1/incidents/{incident.id}").status_code == 204
    assert send(f"{URL}/{incident.id}/updates", UPDATE).status_code == 404


@pytest.mark.parametrize("body", [{}, {"scheduledStart": "2099-01-15T02:00:00Z"}])
def test_names_what_is_affected(post: Post, body: dict[str, str]) -> None:
    monitor, app = Monitor.objects.get(), component("Web app")
    named = {"component_ids": [app.id], "monitor_ids": [monitor.id]}
    response = post(URL, title="Uploads of photos fail", **body, **named)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert app.id in answer["component_ids"]
    assert answer["monitor_ids"] == [monitor.id]
    impact = Incident.objects.get(pk=answer["id"]).impacts.get(component=app)
    assert impact.state == ("maintenance" if body else "degraded")


@pytest.mark.parametrize("field", ["component_ids", "monitor_ids"])
def test_refuses_what_is_affected_and_not_there(post: Post, field: str) -> None:
    response = post(URL, title="Uploads of photos fail", **{field: ["0" * 26]})
    assert response.status_code == 422, response.content
    assert response.json()["errors"][0]["field"] == field
    assert not Incident.objects.exists()
