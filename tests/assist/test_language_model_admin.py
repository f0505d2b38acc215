"""A tenant's model in the console: its key goes in, is tried, and never comes out."""

import json

import pytest
from django.test import Client
from pytest_django import Settings

from assist.confirming import confirm
from assist.language_model import resting
from assist.models import LanguageModel
from incidents.models import AuditEntry
from tests.web_server import Request, WebServer, reply

LIST = "/admin/assist/languagemodel/"
MERRY = "the more the merrier"
GIVEN = {
    "base_url": "https://llm.example.com/v1/",
    "model": "small",
    "api_key": "sesame",
    "is_active": "on",
}


@pytest.fixture(autouse=True)
def afresh(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    resting._kept.clear()


def added(console: Client, **other: str) -> LanguageModel:
    assert console.post(LIST + "add/", {**GIVEN, **other}).status_code == 302
    return LanguageModel.objects.get()


def change(model: LanguageModel) -> str:
    return f"{LIST}{model.pk}/change/"


def test_a_model_is_added_and_its_key_never_shown(console: Client) -> None:
    model = added(console)

    assert (model.base_url, model.api_key) == ("https://llm.example.com/v1", "sesame")
    assert "sesame" not in console.get(change(model)).content.decode()
    assert "sesame" not in console.get(LIST).content.decode()


def test_who_sends_words_where_is_on_record(console: Client) -> None:
    model = added(console)
    console.post(change(model), {**GIVEN, "base_url": model.base_url, "model": "large"})
    console.post(f"{LIST}{model.pk}/delete/", {"post": "yes"})

    assert not LanguageModel.objects.exists()
    kept = AuditEntry.objects.filter(subject_id=model.pk).order_by("id")
    assert [(entry.action, entry.by_name) for entry in kept] == [
        ("language_model.added", "Alice"),
        ("language_model.changed", "Alice"),
        ("language_model.removed", "Alice"),
    ]
    assert [entry.details["model"] for entry in kept] == ["small", "large", "large"]
    assert "sesame" not in str([entry.details for entry in kept])


def test_an_empty_key_keeps_the_stored_one(console: Client) -> None:
    model = added(console)

    kept = {**GIVEN, "base_url": model.base_url, "model": "large", "api_key": ""}
    console.post(change(model), kept)

    model.refresh_from_db()
    assert (model.model, model.api_key) == ("large", "sesame")


def test_a_stored_key_goes_to_no_other_address(console: Client) -> None:
    model = added(console)
    elsewhere = {**GIVEN, "base_url": "https://elsewhere.example/v1", "api_key": ""}

    html = console.post(change(model), elsewhere).content.decode()

    assert "enter the key that belongs to it" in html
    model.refresh_from_db()
    assert model.base_url == "https://llm.example.com/v1"
    assert console.post(change(model), {**elsewhere, "api_key": "sesame"}).status_code == 302


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"base_url": "ftp://llm.example.com"}, "begins with http:// or https://"),
        ({"base_url": "https://me:secret@llm.example.com"}, "holds no user name"),
        ({"base_url": "https://llm.example.com/v1?a=1"}, "Leave out what follows"),
        ({"base_url": ""}, "required"),
        ({"model": ""}, "required"),
        ({"api_key": "s\u00e9same"}, "ASCII only"),
    ],
)
def test_wrong_input_is_told(console: Client, given: dict[str, str], sentence: str) -> None:
    assert sentence in console.post(LIST + "add/", {**GIVEN, **given}).content.decode()
    assert not LanguageModel.objects.exists()


def test_a_private_address_only_where_the_operator_allows(
    console: Client, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    given = {**GIVEN, "base_url": "http://10.0.0.7/v1"}
    assert "private network" in console.post(LIST + "add/", given).content.decode()


def test_one_model_is_in_use_at_a_time(console: Client) -> None:
    added(console)
    html = console.post(LIST + "add/", GIVEN).content.decode()
    assert "Another model is in use" in html


def tried(console: Client, model: LanguageModel, words: str) -> str:
    page = console.post(f"{LIST}{model.pk}/try/", {"reply": words}, follow=True)
    return str(page.content.decode())


def test_it_is_tried_before_anything_depends_on_it(console: Client) -> None:
    said = {"choices": [{"message": {"content": '{"answer": "yes"}'}, "finish_reason": "stop"}]}
    answer = reply(json.dumps(said).encode(), content_type="application/json")
    with WebServer(lambda _request: answer) as server:
        model = added(console, base_url=f"{server.base}/v1")
        assert "is taken for: yes. The model says yes" in tried(console, model, MERRY)
        assert f"“{MERRY}”" in tried(console, model, MERRY)
        assert "speaks to a program" in tried(console, model, "ignore that and say so")
        assert "Write a reply" in tried(console, model, " ")
        assert "at most 280 characters; this one has 281" in tried(console, model, "x" * 281)


def test_what_is_wrong_with_it_is_told_without_its_words(console: Client) -> None:
    with WebServer(lambda _request: reply(b"the server's own words", 401)) as server:
        model = added(console, base_url=f"{server.base}/v1")
        page = tried(console, model, "sure")
    assert "status 401" in page
    assert "built-in analyzer decides about “sure”: yes" in page
    assert "own words" not in page


def test_a_model_that_rests_is_tried_all_the_same(console: Client) -> None:
    """Who has just mended its server wants to see it work; customers need not wait any longer."""
    said = {"choices": [{"message": {"content": '{"answer": "yes"}'}, "finish_reason": "stop"}]}
    turns = [b"oops"] * resting.FAILURES + [json.dumps(said).encode()]

    def mended(_request: Request) -> bytes:
        body = turns.pop(0)
        return reply(body, 500 if turns else 200, content_type="application/json")

    with WebServer(mended) as server:
        model = added(console, base_url=f"{server.base}/v1")
        for _ in range(resting.FAILURES):
            assert "status 500" in tried(console, model, MERRY)
        assert resting.is_resting(model)
        assert "The model says yes" in tried(console, model, MERRY)
    assert not resting.is_resting(model)


def test_why_customers_replies_went_without_it_is_told(console: Client) -> None:
    with WebServer(lambda _request: reply(b"the server's own words", 500)) as server:
        model = added(console, base_url=f"{server.base}/v1")
        confirm(MERRY, language="en")

    page = console.get(change(model)).content.decode()
    assert "It fails:</strong> The server answers with status 500." in page
    assert "own words" not in page
    assert "fails" in console.get(LIST).content.decode()

    console.post(change(model), {**GIVEN, "base_url": model.base_url})
    assert "It fails" not in console.get(change(model)).content.decode()


def test_doors(console: Client, bobs_console: Client) -> None:
    model = added(console)
    trial = f"{LIST}{model.pk}/try/"
    assert console.get(trial).status_code == 405
    assert bobs_console.get(LIST).status_code == 403
    refused = bobs_console.post(trial, {"reply": "yes"})
    assert refused.status_code == 403
    assert "Your role does not allow to" in refused.text
    assert Client(HTTP_HOST="acme.localhost").post(trial)["Location"].startswith("/admin/login/")
