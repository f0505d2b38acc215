"""Screens that cannot be shown say so in the console's look, and lead on."""

import re

import pytest
from django.db import OperationalError
from django.test import Client

from atender.staff.models import User
from incidents.console import workspace
from tests.factories import make_incident

GONE = "/admin/incidents/incident/01JD0000000000000000000000/change/"


def test_what_is_not_there_is_said_in_a_sentence(console: Client) -> None:
    response = console.get(GONE)
    html = response.content.decode()
    assert response.status_code == 404
    assert "There is no incident with this id; it may have been deleted." in html
    assert "nav-sidebar" in html
    assert 'href="/admin/"' in html


@pytest.mark.parametrize("path", ["/nowhere", "/admin/nowhere/", "/assist/nowhere/"])
def test_an_unknown_address_is_explained(console: Client, path: str) -> None:
    response = console.get(path)
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()


def test_a_record_that_is_gone_is_not_named_by_its_class(console: Client) -> None:
    response = console.post("/assist/waves/01JD0000000000000000000000/dismiss/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "what it led to is gone." in html
    assert "matches the given query" not in html


def test_a_stranger_is_offered_to_log_in(acme: object) -> None:
    response = Client(HTTP_HOST="acme.localhost").get("/nowhere")
    html = response.content.decode()
    assert response.status_code == 404
    assert "Log in" in html
    assert "nav-sidebar" not in html


def test_a_role_that_does_not_suffice_is_named(bobs_console: Client) -> None:
    response = bobs_console.get("/admin/incidents/incident/add/")
    assert response.status_code == 403
    assert "Your role does not allow to open internal incidents." in response.content.decode()


@pytest.mark.parametrize("body", ["title=" + "a" * 1_000_000, "title=a" + "&more=a" * 1000])
def test_a_form_that_is_too_large_is_explained(console: Client, body: str) -> None:
    address = "/admin/incidents/incident/add/"
    # Its token is looked for in the form, which is where that turns out to be too large.
    console.handler.enforce_csrf_checks = True
    console.get(address)
    response = console.post(address, body, content_type="application/x-www-form-urlencoded")
    html = response.content.decode()
    assert response.status_code == 413
    assert "More was sent than is read: 1 MB beside files, and 1,000 fields." in html
    assert "nav-sidebar" in html


def test_an_address_with_too_many_parameters_is_explained(console: Client) -> None:
    response = console.get("/admin/incidents/incident/?" + "&".join(["a=1"] * 1001))
    assert response.status_code == 400
    assert "The request cannot be read." in response.content.decode()
    assert "nav-sidebar" in response.content.decode()


@pytest.mark.parametrize("of", ["incidents/incident", "alerts/alert"])
def test_a_filter_that_no_database_takes_is_dropped(console: Client, of: str) -> None:
    response = console.get(f"/admin/{of}/?status=a%00b")
    assert (response.status_code, response["Location"]) == (302, f"/admin/{of}/")


def test_what_no_database_takes_completes_nothing(console: Client) -> None:
    field = {"app_label": "incidents", "model_name": "incident", "field_name": "components"}
    response = console.get("/admin/autocomplete/", {"term": "no such\0name", **field})
    assert response.json()["results"] == []


def test_a_form_of_yesterday_is_explained(alice: User) -> None:
    client = Client(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post("/admin/incidents/incident/add/", {"title": "x"})
    assert response.status_code == 403
    assert "Nothing was changed: go back, reload" in response.content.decode()


def test_a_bug_is_admitted_without_its_inside(
    console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("a secret of the inside")

    incident = make_incident()
    monkeypatch.setattr(workspace, "tell", fail)
    console.raise_request_exception = False
    response = console.get(f"/admin/incidents/incident/{incident.pk}/change/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in html
    assert "Nothing was changed" in html
    assert re.search(r"the time: [\d-]{10} [\d:]{8} UTC\.", html)
    assert "secret" not in html


def test_where_even_the_frame_fails_the_sentence_stands(
    console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("atender.console.errors.admin.site.each_context", fail)
    response = console.get("/nowhere")
    assert response.status_code == 404
    assert response.content.decode().startswith("Not found. There is nothing at this address.")


def test_programs_still_get_problems(api: Client) -> None:
    response = api.get("/api/v1/nowhere")
    assert response["Content-Type"] == "application/problem+json"
