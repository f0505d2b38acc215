"""The document that programs and people learn the API from."""

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema_rs import Draft202012Validator

from atender.api.served import document
from atender.tenants.models import Tenant

SCHEMA = "/api/schema/?format=json"
TAUGHT = [
    f"/api/v1/{subject}"
    for subject in (
        "changes",
        "component-groups",
        "components",
        "drafts",
        "incidents",
        "maintenance-series",
        "maintenances",
        "templates",
    )
]
BODY_METHODS = {"post", "put", "patch"}


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    body, _ = document("application/vnd.oai.openapi+json")
    return dict(json.loads(body))


def operations(whole: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in whole["paths"].items()
        for method, operation in methods.items()
    ]


def test_anybody_reads_it_in_both_forms(acme: Tenant) -> None:
    client = Client(HTTP_HOST="acme.localhost")
    answer = client.get(SCHEMA)
    assert answer.json()["openapi"].startswith("3.")
    assert client.get("/api/schema/", headers={"accept": "application/json"}).json()
    assert client.get("/api/schema/").content.startswith(b"openapi:")
    assert client.get(SCHEMA, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.post(SCHEMA).status_code == 405


def test_it_teaches_version_one_alone(whole: dict[str, Any]) -> None:
    assert {path.split("/")[1:3] == ["api", "v1"] for path in whole["paths"]} == {True}


def test_every_operation_is_named_once_and_says_what_it_needs(whole: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(whole)]
    assert len(names) == len(set(names))
    for where, operation in operations(whole):
        assert operation["summary"], where
        takes_a_key = "{token}" not in where
        assert ("Scope: `" if takes_a_key else "No key:") in operation["description"], where
        assert operation["security"] == ([{"key": []}] if takes_a_key else []), where
        assert len(operation["tags"]) == 1, where


def test_every_operation_names_the_problems_it_may_answer(whole: dict[str, Any]) -> None:
    for where, operation in operations(whole):
        statuses = set(operation["responses"])
        assert ("404" in statuses) == ("{" in where), where
        if "{token}" in where:
            assert not {"401", "403", "429"} & statuses, where
            continue
        assert {"400", "401", "403", "429"} <= statuses, where
        if where.split()[0] in BODY_METHODS:
            assert {"409", "413", "415", "422"} <= statuses, where


def test_what_is_created_links_to_what_can_be_done_with_it(whole: dict[str, Any]) -> None:
    created = whole["paths"]["/api/v1/incidents"]["post"]["responses"]["201"]
    assert {"read_incident", "post_update", "acknowledge_incident"} <= set(created["links"])
    assert "Location" in created["headers"]
    update = whole["paths"]["/api/v1/incidents/{incident_id}/updates"]["post"]["responses"]["201"]
    assert update["links"]["edit_update"]["parameters"] == {
        "incident_id": "$request.path.incident_id",
        "update_id": "$response.body#/id",
    }


def test_lists_are_pages(whole: dict[str, Any]) -> None:
    for path, methods in whole["paths"].items():
        parameters = {p["name"] for p in methods.get("get", {}).get("parameters", [])}
        if "cursor" in parameters:
            ref = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            page = whole["components"]["schemas"][ref["$ref"].split("/")[-1]]
            assert set(page["properties"]) == {"data", "next_cursor"}, path


def test_every_body_has_an_example_that_fits_its_schema(whole: dict[str, Any]) -> None:
    """Of what this floor's document teaches; an example that does not fit teaches nonsense."""
    shown = 0
    for where, operation in operations(whole):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for name, example in body.get("examples", {}).items():
            shown += 1
            validator = Draft202012Validator({**body["schema"], "components": whole["components"]})
            faults = [fault.message for fault in validator.iter_errors(example["value"])]
            assert not faults, (where, name, faults)
        of_incidents = "/api/v1/" + where.split("/api/v1/")[1].split("/")[0]
        assert of_incidents not in TAUGHT or not body or "examples" in body, where
    assert shown >= len(TAUGHT)
