"""`If-None-Match`: what the client has already is not sent again."""

import pytest
from django.test import Client

from tests.factories import make_incident

URL = "/api/v1/incidents"


@pytest.mark.parametrize("asked", ["{tag}", "W/{tag}", "*", '"other", W/"x" ,{tag}'])
def test_what_is_known_is_not_sent_again(api: Client, asked: str) -> None:
    address = f"{URL}/{make_incident().id}"
    read = api.get(address)
    again = api.get(address, headers={"if-none-match": asked.format(tag=read["ETag"])})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["RateLimit-Policy"]) == (read["ETag"], read["RateLimit-Policy"])
    assert "Content-Type" not in again
    assert "Content-Length" not in again


@pytest.mark.parametrize("asked", ["", '"1"', "junk", '"*"', "\N{SNOWMAN}"])
def test_any_other_tag_gets_the_document(api: Client, asked: str) -> None:
    incident = make_incident()
    read = api.get(f"{URL}/{incident.id}", headers={"if-none-match": asked})
    assert (read.status_code, read.json()["id"]) == (200, incident.id)


def test_a_change_makes_it_new(api: Client) -> None:
    address = f"{URL}/{make_incident().id}"
    known = {"if-none-match": api.get(address)["ETag"]}
    changed = api.patch(address, {"title": "Another"}, content_type="application/json")
    assert api.get(address, headers=known).json()["title"] == "Another"
    assert api.get(address, headers={"if-none-match": changed["ETag"]}).status_code == 304


def test_so_does_what_the_version_does_not_count(api: Client) -> None:
    incident = make_incident()
    known = {"if-none-match": api.get(f"{URL}/{incident.id}")["ETag"]}
    incident.impacts.all().delete()
    answer = api.get(f"{URL}/{incident.id}", headers=known)
    assert (answer.status_code, answer.json()["component_impacts"]) == (200, [])


def test_templates_too(api: Client) -> None:
    body = {"kind": "incident", "name": "Slow", "title": "Slow"}
    added = api.post("/api/v1/templates", body, content_type="application/json")
    assert added.status_code == 201, added.content
    known = {"if-none-match": added["ETag"]}
    assert api.get(added["Location"], headers=known).status_code == 304


def test_a_change_is_never_answered_so(api: Client) -> None:
    address = f"{URL}/{make_incident().id}"
    changed = api.patch(
        address,
        {"title": "Another"},
        content_type="application/json",
        headers={"if-none-match": "*"},
    )
    assert (changed.status_code, changed.json()["title"]) == (200, "Another")


def test_nothing_is_said_of_the_length_of_no_body(api: Client) -> None:
    address = f"{URL}/{make_incident().id}"
    assert int(api.get(address)["Content-Length"]) > 0
    gone = api.delete(address)
    assert (gone.status_code, gone.content) == (204, b"")
    assert "Content-Length" not in gone
