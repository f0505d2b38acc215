"""What every answer of a page host has in common."""

import pytest
from django.test import Client

from incidents.models import Page
from statuspage.models import Branding
from tests.factories import default_page, make_incident

PATHS = ["/", "/history", "/incidents/{}", "/api/v2/summary.json", "/nothing/here"]


@pytest.fixture
def incident_id(visitor: Client) -> str:
    return make_incident().id


@pytest.mark.parametrize("path", PATHS)
def test_no_cookie_is_ever_set(visitor: Client, incident_id: str, path: str) -> None:
    answer = visitor.get(path.format(incident_id))
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", PATHS)
def test_the_policy_allows_nothing_inline(visitor: Client, incident_id: str, path: str) -> None:
    answer = visitor.get(path.format(incident_id))
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    text = answer.content.decode()
    assert "style=" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert " on" + "click" not in text


@pytest.mark.parametrize("path", PATHS[:3])
def test_only_reading_is_allowed(visitor: Client, incident_id: str, path: str) -> None:
    path = path.format(incident_id)
    visitor.handler.enforce_csrf_checks = True
    for method in ("post", "put", "patch", "delete"):
        assert getattr(visitor, method)(path).status_code == 405
    head = visitor.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_an_unknown_address_keeps_the_look(visitor: Client) -> None:
    answer = visitor.get("/nothing/here")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert "statuspage/page.css" in answer.content.decode()


def test_a_page_that_is_gone_is_not_found(visitor: Client) -> None:
    Page.objects.filter(pk=default_page().pk).delete()
    assert visitor.get("/").status_code == 404
    assert visitor.get("/api/v2/summary.json").status_code == 404


def test_the_console_is_not_served_here(visitor: Client) -> None:
    for path in ("/admin/", "/api/v1/incidents", "/api/docs/"):
        assert visitor.get(path).status_code == 404


def test_a_public_page_may_be_indexed(visitor: Client) -> None:
    answer = visitor.get("/")
    assert "X-Robots-Tag" not in answer.headers
    assert b"noindex" not in answer.content


def test_branding_is_the_pages_own(visitor: Client) -> None:
    Branding.objects.filter(page=default_page()).update(
        title="Is Acme up?",
        description="The state of Acme.",
        primary_colour="#0f766e",
        support_url="https://help.acme.example/",
    )
    text = visitor.get("/").content.decode()
    for part in ("Is Acme up?", "The state of Acme.", "/theme/0f766e.css", "help.acme.example"):
        assert part in text
    partners = visitor.get("/", headers={"host": "partners.acme.localhost"}).content.decode()
    assert "Is Acme up?" not in partners
