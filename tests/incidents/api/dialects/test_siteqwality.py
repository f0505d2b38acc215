"""SiteQwality's calls: internal unless a page is named, answered with its anatomy's names."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident, Page
from monitors.models import Monitor, Service
from tests.conftest import api_client
from tests.factories import default_page, make_key, partner_page

Post = Callable[..., Any]
URL = "/incident"
TITLE = "Elevated 5xx errors on /api/checkout"
MESSAGE = "Database failover stuck. Manually promoting standby."
ANATOMY = {
    "title",
    "severity",
    "status",
    "responder_status",
    "acknowledged_at",
    "acknowledged_by",
    "affected_http_job_ids",
    "service_id",
    "status_page_id",
    "updates",
    "auto_created",
    "resolved_at",
}


def page_url(page: Page) -> str:
    return f"/status_page/{page.id}/incident"


def test_creates_with_every_field(post: Post) -> None:
    monitor, service = Monitor.objects.get(), Service.objects.get()
    response = post(
        URL,
        title=TITLE,
        severity="critical",
        status="identified",
        message=MESSAGE,
        affected_http_job_ids=[monitor.id],
        service_id=service.id,
        status_page_id=default_page().id,
    )
    assert response.status_code == 201, response.content
    answer = response.json()
    assert answer.keys() >= ANATOMY
    assert (answer["title"], answer["severity"]) == (TITLE, "critical")
    assert (answer["status"], answer["responder_status"]) == ("identified", "triggered")
    assert answer["auto_created"] is False
    assert answer["acknowledged_at"] is answer["acknowledged_by"] is answer["resolved_at"] is None
    assert answer["affected_http_job_ids"] == [monitor.id]
    assert answer["service_id"] == service.id
    assert answer["status_page_id"] == default_page().id
    (update,) = answer["updates"]
    assert (update["status"], update["message"]) == ("identified", MESSAGE)
    assert Incident.objects.get(pk=answer["id"]).by_name == "tests"


def test_without_a_page_it_is_internal(post: Post, visitor: Client) -> None:
    answer = post(URL, title=TITLE, message=MESSAGE).json()
    assert answer["status_page_id"] is None
    assert [update["message"] for update in answer["updates"]] == [MESSAGE]
    assert answer["severity"] is None
    assert TITLE.encode() not in visitor.get("/").content
    assert visitor.get(f"/incidents/{answer['id']}").status_code == 404


def test_a_page_in_the_body_publishes(post: Post, visitor: Client) -> None:
    post(URL, title=TITLE, status_page_id=default_page().id)
    assert TITLE.encode() in visitor.get("/").content


def test_a_page_in_the_path_publishes_at_once(post: Post, visitor: Client) -> None:
    response = post(page_url(default_page()), title=TITLE, severity="minor", message=MESSAGE)
    assert response.status_code == 201, response.content
    assert response.json()["status_page_id"] == default_page().id
    shown = visitor.get("/").content
    assert TITLE.encode() in shown
    assert MESSAGE.encode() in shown


def test_it_shows_on_that_page_alone(post: Post, visitor: Client) -> None:
    answer = post(page_url(partner_page()), title=TITLE).json()
    assert answer["status_page_id"] == partner_page().id
    assert TITLE.encode() not in visitor.get("/").content


def test_the_page_may_be_named_twice_but_not_two(post: Post) -> None:
    path = page_url(default_page())
    assert post(path, title=TITLE, status_page_id=default_page().id).status_code == 201
    refused = post(path, title=TITLE, status_page_id=partner_page().id)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "status_page_id"
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("path", [URL, "page"])
@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"title": ""}, "title", "A title is empty"),
        ({"title": "x" * 256}, "title", "this one has 256"),
        ({"severity": "huge"}, "severity", "'huge' is no severity"),
        ({"severity": "maintenance"}, "severity", "minor, major, critical"),
        ({"severity": "none"}, "severity", "it is minor, major, critical, or null"),
        ({"status": "gone"}, "status", "'gone' is no status"),
        ({"message": "x" * 20_001}, "message", "at most 20,000"),
        ({"affected_http_job_ids": "all"}, "affected_http_job_ids", "list"),
        ({"affected_http_job_ids": ["0" * 26]}, "affected_http_job_ids", "no monitor"),
        ({"service_id": "0" * 26}, "service_id", "no service"),
        ({"status_page_id": "1"}, "status_page_id", "no page"),
    ],
)
def test_bad_input_names_the_dialects_field(
    post: Post, path: str, body: dict[str, Any], field: str, sentence: str
) -> None:
    url = page_url(default_page()) if path == "page" else path
    response = post(url, **({"title": TITLE} | body))
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"
    (problem,) = response.json()["errors"]
    assert problem["field"] == field
    assert sentence in problem["detail"]
    assert not Incident.objects.exists()


def test_a_strangers_ids_are_unknown(globex: Tenant, acme: Tenant, post: Post) -> None:
    with in_tenant("globex"):
        page, monitor, service = default_page(), Monitor.objects.get(), Service.objects.get()
    assert post(page_url(page), title=TITLE).status_code == 404
    named = {
        "status_page_id": page.id,
        "affected_http_job_ids": [monitor.id],
        "service_id": service.id,
    }
    for field, value in named.items():
        refused = post(URL, title=TITLE, **{field: value})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == field
    assert not Incident.objects.exists()


def test_an_unknown_page_comes_before_the_body(post: Post) -> None:
    assert post(f"/status_page/{'0' * 26}/incident", title="").status_code == 404


def test_sent_again_under_its_key_it_opens_one(api: Client) -> None:
    def send() -> Any:
        headers = {"Idempotency-Key": "the-same"}
        body = {"title": TITLE}
        return api.post(URL, body, content_type="application/json", headers=headers)

    assert send().json() == send().json()
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_posting_is_offered(api: Client, method: str) -> None:
    for path in (URL, page_url(default_page())):
        assert getattr(api, method)(path).status_code == 405


def test_who_may_post(acme: Tenant) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    reader, writer = api_client(make_key("read")), api_client(make_key("incidents"))
    for path in (URL, page_url(default_page())):
        answers = [
            client.post(path, {"title": TITLE}, content_type="application/json").status_code
            for client in (anonymous, reader, writer)
        ]
        assert answers == [401, 403, 201]
