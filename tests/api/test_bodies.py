"""What programs send as a body, at every address that takes one."""

import json
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident
from monitors.models import Monitor
from tests.api.test_filters import VIEWS
from tests.factories import make_incident

URL = "/api/v1/incidents"
# Contacts come as CSV; tests/subscribers/importing sends what is none.
CREATING = [
    route
    for route, view in VIEWS.items()
    if "<" not in route and hasattr(view, "post") and not route.endswith("subscribers/import")
]
# What may be left out one by one is asked for as a whole.
NEEDING_ANY = ("status_check", "drafts", "v1/subscribers", "subscribers/erase")
DEEP = "[" * 10_000 + "]" * 10_000


def refused(response: Any, status: int) -> str:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    return str(problem["detail"])


@pytest.mark.parametrize("route", CREATING)
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{", "no JSON: Expecting property name"),
        ("title=API", "no JSON"),
        ("[]", "this one is a list"),
        ('"title"', "this one is a text"),
        ("null", "this one is null"),
        ("12", "this one is a number"),
        ('{"title": "a", "title": "b"}', "says 'title' more than once"),
        ('{"title": NaN}', "NaN is no JSON"),
        ('{"title": 1e999}', "larger than any number"),
        ('{"title": ' + "9" * 5000 + "}", "too many digits"),
        (DEEP, "nested too deeply"),
        ('{"title": "API slow"}'.encode("utf-16"), "not UTF-8"),
        (b'{"title": "\xff"}', "not UTF-8 from byte 11"),
    ],
)
def test_what_is_no_object_is_refused(
    api: Client, route: str, body: str | bytes, sentence: str
) -> None:
    response = api.post(f"/{route}", body, content_type="application/json")
    assert sentence in refused(response, 400)


@pytest.mark.parametrize("route", CREATING)
def test_no_body_is_an_empty_one(api: Client, route: str) -> None:
    response = api.post(f"/{route}", "", content_type="application/json")
    assert refused(response, 422 if route.endswith(NEEDING_ANY) else 400)


@pytest.mark.parametrize("route", CREATING)
def test_a_megabyte_is_too_much(api: Client, route: str) -> None:
    body = json.dumps({"title": "a" * 1_000_000})
    assert "1 MB" in refused(api.post(f"/{route}", body, content_type="application/json"), 413)


@pytest.mark.parametrize("route", CREATING)
@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "", "json"]
)
def test_another_form_is_refused_with_the_right_one(
    api: Client, route: str, content_type: str
) -> None:
    response = api.post(f"/{route}", '{"title": "API slow"}', content_type=content_type)
    assert "Content-Type: application/json" in refused(response, 415)
    assert "application/json" in response["Accept"]


def test_a_mark_at_the_start_and_a_named_encoding_are_taken(api: Client) -> None:
    body = b'\xef\xbb\xbf{"title": "Zahlungen h\xc3\xa4ngen"}'
    response = api.post(URL, body, content_type="application/json; charset=utf-8")
    assert response.json()["title"] == "Zahlungen hängen"


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [
        ("2026-04-24T17:42:00", 400, "with its zone"),
        ("2026-04-24", 400, "with its zone"),
        ("24.4.2026", 400, "2026-04-24T17:42:00Z"),
        ("1777052520", 400, "with its zone"),
        ("2026-02-30T10:00:00Z", 400, "in no calendar"),
        ("2026-04-24T24:00:00Z", 400, "in no calendar"),
        ("0000-01-01T00:00:00Z", 400, "in no calendar"),
        ("0001-01-01T00:00:00+14:00", 400, "in no calendar"),
        ("9999-12-31T23:59:59-01:00", 400, "in no calendar"),
        ("10000-01-01T00:00:00Z", 400, "no time that can be read"),
        ("٢٠٢٦-04-24T17:42:00Z", 400, "no time that can be read"),
        ("2026-04-24T12:00:60Z", 400, "in no calendar"),
        ("1969-12-31T23:59:59Z", 422, "1970 to 2100"),
        ("9998-01-01T00:00:00Z", 422, "future"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    api: Client, text: str, status: int, sentence: str
) -> None:
    body = {"title": "API slow", "started_at": text}
    response = api.post(URL, body, content_type="application/json")
    assert sentence in refused(response, status)
    assert response.json()["errors"][0]["field"] == "started_at"
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-04-24T17:42:00Z", "2026-04-24T17:42:00Z"),
        ("2026-04-24t17:42:00.123456789z", "2026-04-24T17:42:00.123456Z"),
        ("2026-04-24 19:42:00+02:00", "2026-04-24T17:42:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2017-01-01T01:59:60+02:00", "2017-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_read_in_every_zone(api: Client, text: str, read: str) -> None:
    body = {"title": "API slow", "started_at": text}
    response = api.post(URL, body, content_type="application/json")
    assert response.json()["started_at"] == read


@pytest.mark.parametrize("started_at", [1777052520, True, [], {}])
def test_a_time_is_a_text(api: Client, started_at: Any) -> None:
    body = {"title": "API slow", "started_at": started_at}
    response = api.post(URL, body, content_type="application/json")
    assert "in quotation marks" in refused(response, 400)


@pytest.mark.parametrize("position", [10**30, -1, 1.5, "3", True, 1e300])
def test_a_number_is_whole_and_within_bounds(api: Client, position: Any) -> None:
    body = {"name": "Search", "position": position}
    response = api.post("/api/v1/components", body, content_type="application/json")
    refused(response, 400)
    assert response.json()["errors"][0]["field"] == "position"


@pytest.mark.parametrize("field", ["title", "severity", "status", "service_id"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udfff end"])
def test_what_no_text_holds_is_refused(api: Client, field: str, text: str) -> None:
    body = json.dumps({"title": "API slow", field: text})
    response = api.post(URL, body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response.json()["errors"][0]["field"] == field


def test_each_wrong_member_of_a_list_is_named_up_to_twenty(api: Client) -> None:
    body = {"title": "API slow", "monitor_ids": [1] * 30}
    response = api.post(URL, body, content_type="application/json")
    assert "quotation marks" in refused(response, 400)
    fields = [error["field"] for error in response.json()["errors"]]
    assert fields == [f"monitor_ids.{number}" for number in range(20)]


def test_so_many_ids_are_too_many(api: Client) -> None:
    body = {"title": "API slow", "monitor_ids": [Monitor.objects.get().id] * 201}
    assert "200" in refused(api.post(URL, body, content_type="application/json"), 400)


def test_ids_in_small_letters_are_the_same_ids(api: Client) -> None:
    monitor = Monitor.objects.get()
    body = {"title": "API slow", "monitor_ids": [monitor.id.lower()]}
    made = api.post(URL, body, content_type="application/json").json()
    assert made["monitor_ids"] == [monitor.id]
    assert api.get(f"{URL}/{made['id'].lower()}").json()["id"] == made["id"]


@pytest.mark.parametrize("cut", [slice(0, 25), slice(0, None)])
def test_an_id_of_another_length_is_unknown(api: Client, cut: slice) -> None:
    wrong = (make_incident().id + "0")[cut]
    refused(api.get(f"{URL}/{wrong}"), 404)
    body = {"title": "API slow", "status_page_ids": [wrong]}
    refused(api.post(URL, body, content_type="application/json"), 422)


@pytest.mark.parametrize("path", ["%00", "incidents%00", "incidents/%00", "incidents/..%2f"])
def test_an_address_with_hidden_characters_is_unknown(api: Client, path: str) -> None:
    refused(api.get(f"/api/v1/{path}"), 404)


def test_a_slash_too_many_is_named(api: Client) -> None:
    assert "end without a slash" in refused(api.get(f"{URL}/"), 404)


@pytest.mark.parametrize(
    "path",
    ["/status_page/xx/incident", "/incident/", "/mcp/", "/api/incidents/xx/updates"],
)
def test_other_systems_addresses_answer_programs_too(api: Client, path: str) -> None:
    refused(api.post(path, {"title": "x"}, content_type="application/json"), 404)


def test_whatever_is_accepted_the_answer_is_json(api: Client) -> None:
    for accept in ("text/html", "image/png", "application/xml;q=1, */*;q=0", "nonsense"):
        response = api.get(URL, headers={"accept": accept})
        assert response["Content-Type"] == "application/json"


def test_methods(api: Client) -> None:
    incident = make_incident()
    for path in (URL, f"{URL}/{incident.id}"):
        head = api.head(path)
        assert (head.status_code, head.content) == (200, b"")
        options = api.options(path)
        assert (options.status_code, options.content) == (204, b"")
        assert "GET" in options["Allow"]
    for method in ("put", "trace"):
        wrong = getattr(api, method)(URL)
        assert "takes GET, POST" in refused(wrong, 405)
        assert wrong["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert api.generic("PROPFIND", URL).status_code == 405
