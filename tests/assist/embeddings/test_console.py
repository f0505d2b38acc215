"""A tenant's embedding model in the console: its key goes in, is tried, and never comes out."""

import pytest
from django.test import Client
from pytest_django import Settings

from assist.matching.languages import SUPPORTED
from assist.models import EmbeddingModel
from tests.assist.embeddings.serving import changed, honest, work
from tests.web_server import WebServer, reply

LIST = "/admin/assist/embeddingmodel/"
GIVEN = {
    "base_url": "https://llm.example.com/v1/",
    "model": "small",
    "api_key": "sesame",
    "is_active": "on",
    "languages": ["en", "de"],
}


@pytest.fixture(autouse=True)
def afresh(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


def added(console: Client, **other: object) -> EmbeddingModel:
    assert console.post(LIST + "add/", {**GIVEN, **other}).status_code == 302
    return EmbeddingModel.objects.get()


def change(model: EmbeddingModel) -> str:
    return f"{LIST}{model.pk}/change/"


def page(console: Client, address: str) -> str:
    return str(console.get(address).content.decode())


def test_a_model_is_added_and_its_key_never_shown(console: Client) -> None:
    model = added(console)

    assert (model.base_url, model.api_key) == ("https://llm.example.com/v1", "sesame")
    assert model.languages == ["en", "de"]
    assert "sesame" not in page(console, change(model))
    assert "sesame" not in page(console, LIST)
    assert "not asked yet" in page(console, LIST)
    assert "It has not been asked yet" in page(console, change(model))


def test_every_language_is_ticked_at_first(console: Client) -> None:
    form = console.get(LIST + "add/").context["adminform"].form
    assert list(form["languages"].value()) == list(SUPPORTED)


def test_a_stored_key_goes_to_no_other_address(console: Client) -> None:
    model = added(console)
    elsewhere = {**GIVEN, "base_url": "https://elsewhere.example/v1", "api_key": ""}

    html = console.post(change(model), elsewhere).content.decode()

    assert "enter the key that belongs to it" in html
    model.refresh_from_db()
    assert model.base_url == "https://llm.example.com/v1"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"base_url": "ftp://llm.example.com"}, "begins with http:// or https://"),
        ({"base_url": "http://10.0.0.7/v1"}, "private network"),
        ({"languages": []}, "Tick at least one language"),
        ({"languages": ["xx"]}, "“xx” is none of the choices"),
        ({"model": ""}, "required"),
    ],
)
def test_wrong_input_is_told(
    console: Client, settings: Settings, given: dict[str, object], sentence: str
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    assert sentence in console.post(LIST + "add/", {**GIVEN, **given}).content.decode()
    assert not EmbeddingModel.objects.exists()


def test_a_key_that_came_with_a_mistake_is_asked_for_again(console: Client) -> None:
    assert "Leave it empty to keep" not in page(console, LIST + "add/")
    html = console.post(LIST + "add/", {**GIVEN, "base_url": "ftp://a"}).content.decode()
    assert "Enter it once more: a page never carries it back." in html
    assert "sesame" not in html

    without = {**GIVEN, "base_url": "ftp://a", "api_key": ""}
    assert "Enter it once more" not in console.post(LIST + "add/", without).content.decode()
    assert "Leave it empty to keep" in page(console, change(added(console)))


def test_one_model_is_in_use_at_a_time(console: Client) -> None:
    added(console)
    html = console.post(LIST + "add/", GIVEN).content.decode()
    assert "Another model is in use" in html


def tried(console: Client, model: EmbeddingModel) -> str:
    return str(console.post(f"{LIST}{model.pk}/try/", follow=True).content.decode())


def test_a_test_says_what_came_back(console: Client) -> None:
    with WebServer(honest) as server:
        told = tried(console, added(console, base_url=f"{server.base}/v1"))
    assert "vectors of 256 numbers, in " in told
    assert "as it should be" in told or "it would tell little" in told


def test_a_model_that_tells_nothing_apart_is_called_so(console: Client) -> None:
    same = changed(lambda rows: [rows[0] for _ in rows])
    with WebServer(same) as server:
        told = tried(console, added(console, base_url=f"{server.base}/v1"))
    assert "it would tell little" in told


def test_what_is_wrong_with_it_is_told_without_its_words(console: Client) -> None:
    with WebServer(lambda _request: reply(b"the server's own words", 401)) as server:
        model = added(console, base_url=f"{server.base}/v1")
        told = tried(console, model)
        work()
        fares = page(console, change(model))
    refused = "The server answers with status 401. It does not take the key."
    assert f"{refused} Messages are matched without it." in told
    assert f"It fails:</strong> {refused}" in fares
    assert "own words" not in told + fares
    assert "fails" in page(console, LIST)


def test_it_is_shown_what_it_makes_of_languages(console: Client) -> None:
    with WebServer(honest) as server:
        model = added(console, base_url=f"{server.base}/v1")
        work()
        shown = page(console, change(model))
        assert "vectors of 256 numbers" in shown
        assert "Hardly understood:</strong> German (" in shown
        assert "French (" not in shown
    assert "answers" in page(console, LIST)


def test_doors(console: Client, bobs_console: Client) -> None:
    model = added(console)
    trial = f"{LIST}{model.pk}/try/"
    assert console.get(trial).status_code == 405
    assert bobs_console.get(LIST).status_code == 403
    assert bobs_console.post(trial).status_code == 403
    assert Client(HTTP_HOST="acme.localhost").post(trial)["Location"].startswith("/admin/login/")
