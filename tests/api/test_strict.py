"""A name that no body has is said, with the one that was meant."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from rest_framework.exceptions import ValidationError
from rest_framework.fields import ChoiceField

import atender.urls.api  # noqa: F401
from atender.api.served import document
from atender.api.strict import Body, closest
from incidents.models import Incident
from tests.api.test_openapi import operations
from tests.factories import make_incident

URL = "/api/v1/incidents"


def _bodies(of: type[Body] = Body) -> Iterator[type[Body]]:
    """Every body of the product; the addresses bring in the modules that have them."""
    for body in of.__subclasses__():
        yield body
        yield from _bodies(body)


CHOICES = [
    pytest.param(field, id=f"{body.__name__}-{name}")
    for body in sorted(set(_bodies()), key=lambda body: (body.__module__, body.__name__))
    for name, field in body().fields.items()
    if isinstance(field, ChoiceField) and not field.read_only
]
# Other systems' words, tools that models call, and probers of another version.
LENIENT = {
    "DocumentedMaintenanceRequest",
    "NewChangeRequest",
    "QuestionRequest",
    "AnsweredRequest",
    "ReportRequest",
    "ClaimRequest",
    "WebhookRequest",
    "HandedRequest",
}


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"description": "We look."}, "description", "did you mean 'initial_update'?"),
        ({"impact": "major"}, "impact", "did you mean 'severity'?"),
        ({"startedAt": "2026-04-24T17:42:00Z"}, "startedAt", "did you mean 'started_at'?"),
        ({"serverity": "major"}, "serverity", "did you mean 'severity'?"),
        ({"zzz": 1}, "zzz", "the body takes title, severity, status"),
        ({"initial_update": {"text": "We look."}}, "initial_update.text", "mean 'body'?"),
        (
            {"component_impacts": [{"id": "x", "state": "degraded"}]},
            "component_impacts.0.id",
            "mean 'component_id'?",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_right_one(
    api: Client, body: dict[str, Any], field: str, sentence: str
) -> None:
    response = api.post(URL, {"title": "API slow", **body}, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    said = {error["field"]: error["detail"] for error in response.json()["errors"]}
    assert sentence in said[field]
    assert not Incident.objects.exists()


def test_what_else_is_wrong_is_said_beside_it(api: Client) -> None:
    response = api.post(URL, {"titel": "", "severity": "x"}, content_type="application/json")
    fields = {error["field"] for error in response.json()["errors"]}
    assert fields == {"title", "titel", "severity"}


def test_a_change_too_and_nothing_of_it_is_done(api: Client) -> None:
    incident = make_incident()
    path = f"{URL}/{incident.pk}"
    response = api.patch(path, {"severity": "minor", "nme": 1}, content_type="application/json")
    assert response.status_code == 400
    incident.refresh_from_db()
    assert incident.severity == "major"


def test_a_long_name_is_quoted_in_part(api: Client) -> None:
    response = api.post(URL, {"title": "a", "x" * 5000: 1}, content_type="application/json")
    assert response.status_code == 400
    assert len(response.content) < 1500


def test_every_body_of_ours_says_that_it_has_no_other_names() -> None:
    text, _ = document("application/vnd.oai.openapi+json")
    whole = json.loads(text)
    schemas = whole["components"]["schemas"]
    open_ones = set()
    for name, operation in operations(whole):
        if "requestBody" not in operation:
            continue
        schema = operation["requestBody"]["content"].get("application/json", {}).get("schema", {})
        name_of = schema.get("$ref", "").rpartition("/")[2]
        kinds = schemas.get(name_of, schema)
        refs = [schema, *kinds.get("oneOf", []), *kinds.get("anyOf", [])]
        for ref in (r["$ref"].rpartition("/")[2] for r in refs if "$ref" in r):
            inner = schemas[ref]
            if (
                not {"oneOf", "anyOf"} & set(inner)
                and inner.get("additionalProperties") is not False
            ):
                open_ones.add((name, ref))
    assert {ref for _, ref in open_ones} <= LENIENT, open_ones


def test_the_closest_is_found_by_spelling_and_by_meaning() -> None:
    known = ("title", "severity", "status_page_ids", "body")
    assert closest("statusPageIds", known) == "status_page_ids"
    assert closest("message", known) == "body"
    assert closest("sevrity", known) == "severity"
    assert closest("qqq", known) is None


def test_the_word_of_other_products_is_taken_for_ours(api: Client) -> None:
    body = {"title": "Slow", "severity": "minor", "message": "Yes."}
    opened = api.post(URL, body, content_type="application/json")
    assert opened.status_code == 201
    assert opened.json()["updates"][0]["body"] == "Yes."
    path = f"{URL}/{opened.json()['id']}/updates"
    said = api.post(path, {"message": "Still."}, content_type="application/json")
    assert said.json()["body"] == "Still."
    twice = api.post(path, {"message": "One.", "body": "Two."}, content_type="application/json")
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (400, "message")


def test_who_sends_back_what_was_read_changes_what_was_changed(api: Client) -> None:
    path, json = "/api/v1/component-groups", "application/json"
    group = api.post(path, {"name": "Edge tier"}, content_type=json).json()
    echo = {**group, "created_at": "2026-04-24T17:42:00Z", "name": "Edge"}
    changed = api.patch(f"{path}/{group['id']}", echo, content_type=json)
    assert (changed.status_code, changed.json()["name"]) == (200, "Edge")


def test_names_that_are_only_read_are_not_offered(api: Client) -> None:
    answer = api.post("/api/v1/monitors", {"qqqq": 1}, content_type="application/json")
    sentence = next(e["detail"] for e in answer.json()["errors"] if e["field"] == "qqqq")
    assert "the body takes name, kind" in sentence
    assert "warnings" not in sentence


@pytest.mark.parametrize("field", CHOICES)
def test_a_value_that_is_none_of_the_choices_is_told_which_there_are(field: ChoiceField) -> None:
    with pytest.raises(ValidationError) as refusal:
        field.run_validation("parrot")
    (sentence,) = refusal.value.detail
    assert "'parrot' is no" in sentence
    assert all(str(choice) in sentence for choice in field.choices)


def test_what_is_quoted_of_a_wrong_choice_is_short(api: Client) -> None:
    body = {"external_id": "c-1", "channel": "chat", "handled_by": "robot" * 9_000}
    answer = api.post("/api/v1/conversations", body, content_type="application/json").json()
    assert answer["detail"].endswith(" is none of ai, human.")
    assert len(answer["detail"]) < 100
