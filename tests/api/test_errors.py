"""What hostile programs send: always a problem with a sentence, never a page, never a 500."""

import json

import pytest
from django.test import Client

from incidents.models import Incident

URL = "/api/v1/incidents"
KELVIN = "0\u212a000000000000000000000000"


def sent(api: Client, body: str, status: int) -> str:
    count = Incident.objects.count()
    response = api.post(URL, body, content_type="application/json")
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert Incident.objects.count() == count
    return str(response.json()["detail"])


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "[" * 2000 + "]" * 2000])
def test_a_body_nested_too_deeply_is_refused(api: Client, body: str) -> None:
    assert "50 levels" in sent(api, body, 400)


def test_fifty_levels_are_read(api: Client) -> None:
    body = '{"title": ' + "[" * 49 + "1" + "]" * 49 + "}"
    assert "This is a text" in sent(api, body, 400)


@pytest.mark.parametrize("field", ["severity", "status"])
def test_half_a_surrogate_pair_is_not_sent_back(api: Client, field: str) -> None:
    sent(api, json.dumps({"title": "API slow", field: "\ud800"}), 400)


def test_a_letter_that_only_looks_like_one_is_no_id(api: Client) -> None:
    impact = {"component_id": KELVIN, "state": "degraded"}
    assert "no component" in sent(
        api, json.dumps({"title": "API slow", "component_impacts": [impact]}), 422
    )


def test_the_sentence_names_the_field(api: Client) -> None:
    assert sent(api, "{}", 400) == "title: This is missing; the body has to name it."


def test_a_body_too_large_is_refused_with_the_limit(api: Client) -> None:
    assert "1 MB" in sent(api, json.dumps({"title": "a" * 3_000_000}), 413)


@pytest.mark.parametrize("path", ["nothing", "incidents/x", "incidents/"])
def test_an_unknown_address_is_a_problem(api: Client, path: str) -> None:
    response = api.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("limit", ["0", "201", "00000000010", "0" * 8 + "1" + "0" * 5000, "x"])
def test_a_limit_out_of_range_is_refused(api: Client, limit: str) -> None:
    response = api.get(URL, {"limit": limit})
    assert response.status_code == 400
    assert "1 to 200" in response.json()["detail"]
