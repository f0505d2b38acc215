from typing import Any

import pytest
from django.test import Client

from atender.tenants.models import Tenant
from subscribers.importing.reading import LARGEST
from subscribers.models import ContactImport, Subscriber
from tests.conftest import api_client
from tests.factories import default_page, make_key, partner_page
from tests.subscribers.making import work_off

PATH = "/api/v1/subscribers/import"
CSV = "text/csv"


def send(api: Client, data: str | bytes, content_type: str = CSV, **headers: Any) -> Any:
    path = f"{PATH}?page_id={default_page().pk}"
    return api.post(path, data, content_type=content_type, headers=headers or None)


def test_from_sending_to_done(api: Client) -> None:
    answer = send(api, "email\na@example.com\nnobody\na@example.com\n")
    assert answer.status_code == 202
    started = answer.json()
    assert (started["state"], started["total"], started["imported"]) == ("waiting", 3, 0)
    work_off()
    read = api.get(answer["Location"]).json()
    assert read["id"] == started["id"]
    assert (read["state"], read["page_id"]) == ("done", default_page().pk)
    assert (read["total"], read["imported"], read["skipped"], read["refused"]) == (3, 1, 1, 1)
    (error,) = read["errors"]
    assert error["line"] == 3
    assert "'nobody' is no e-mail address" in error["detail"]
    assert read["finished_at"]


def test_the_default_page_unless_given(api: Client) -> None:
    answer = api.post(PATH, "email\na@example.com\n", content_type=f"{CSV}; charset=utf-8")
    assert answer.json()["page_id"] == default_page().pk
    path = f"{PATH}?page_id={partner_page().pk.lower()}"
    assert api.post(path, "email\nb@x.example\n", content_type=CSV).status_code == 202


@pytest.mark.parametrize(
    ("query", "status"),
    [("?page_id=x", 400), ("?page_id=01ARZ3NDEKTSV4RRFFQ69G5FAV", 422), ("?page=x", 400)],
)
def test_a_page_that_is_not_there(api: Client, query: str, status: int) -> None:
    answer = api.post(f"{PATH}{query}", "email\na@example.com\n", content_type=CSV)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not ContactImport.objects.exists()


def test_a_large_file_is_taken_and_a_larger_one_is_not(api: Client) -> None:
    line = "p{}@a-long-name-of-a-company-for-the-sake-of-size.example.com\n"
    text = "email\n" + "".join(line.format(number) for number in range(30_000))
    assert len(text) > 1_900_000
    assert send(api, text).json()["total"] == 30_000
    refused = send(api, b"email\n" + b"a" * LARGEST)
    assert refused.status_code == 413
    assert "20 MB at most" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("data", "content_type", "status", "said"),
    [
        ("{}", "application/json", 415, "takes 'text/csv'; the body says that it is 'application"),
        ("email\na@example.com", "text/plain", 415, "'text/plain'"),
        ("email\nmüller@example.com\n".encode("latin-1"), CSV, 422, "Save it as \u201cCSV UTF-8"),
        ("\n", CSV, 422, "this file is empty"),
        ("email\n", CSV, 422, "names no contact"),
        ("email,phone\na@example.com,1", CSV, 422, "\u201cphone\u201d is none of these"),
    ],
)
def test_what_cannot_be_taken_is_said(
    api: Client, data: str | bytes, content_type: str, status: int, said: str
) -> None:
    answer = send(api, data, content_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]
    if status == 415:
        assert answer["Accept"] == CSV
    assert not ContactImport.objects.exists()


def test_sent_twice_under_one_key_is_one_import(api: Client) -> None:
    first = send(api, "email\na@example.com\n", **{"idempotency-key": "list-1"})
    again = send(api, "email\na@example.com\n", **{"idempotency-key": "list-1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    assert again["Location"] == first["Location"]
    other = send(api, "email\nb@example.com\n", **{"idempotency-key": "list-1"})
    assert other.status_code == 422
    assert ContactImport.objects.count() == 1


def test_who_may(acme: Tenant) -> None:
    reader, other = api_client(make_key("read")), api_client(make_key("incidents"))
    mine = api_client(make_key("subscribers"))
    stranger = Client(HTTP_HOST="acme.localhost")
    for client, status in ((reader, 403), (other, 403), (stranger, 401)):
        assert send(client, "email\na@example.com\n").status_code == status
    run = send(mine, "email\na@example.com\n").json()
    assert reader.get(f"{PATH}/{run['id']}").status_code == 200
    assert other.get(f"{PATH}/{run['id']}").status_code == 403
    assert mine.get(f"{PATH}/{run['id']}").status_code == 200
    assert mine.get(PATH).status_code == 405
    assert not Subscriber.objects.exists()


def test_a_length_that_is_no_number_is_none(api: Client) -> None:
    refused = send(api, "email\na@example.com\n", CONTENT_LENGTH="²")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert not ContactImport.objects.exists()
