"""A model may put words around the facts: a real server that obeys, lies, stalls and breaks."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assist.language_model import resting
from assist.language_model.loading import load
from assist.matching.languages import SUPPORTED
from assist.models import LanguageModel, StackWords
from assist.stack import rewording
from assist.stack.phrasing import DRAFT, Unfit, check, fill
from atender.console.times import clock_time
from atender.due.models import Due
from atender.tenants.models import Tenant
from tests.assist.conversations.making import SLOW, hear, make_conversation
from tests.assist.late_library import load_late
from tests.assist.test_confirming import completion
from tests.factories import make_incident
from tests.web_server import Request, WebServer, reply

FACTS = "{known} {status} {affected} {eta} {next}"
KIND = f"We are sorry for the trouble. {FACTS} Thank you for your patience.\n{{page}}\n{{offer}}"
Answering = Callable[[Request], bytes | Iterable[bytes]]


@pytest.fixture(autouse=True)
def afresh(settings: Settings, acme: Tenant) -> Iterator[None]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    resting._kept.clear()
    load()
    yield
    resting._kept.clear()


def saying(text: object) -> Answering:
    return lambda _request: completion(json.dumps({"text": text}))


@contextmanager
def phrased_by(answering: Answering) -> Iterator[tuple[LanguageModel, WebServer]]:
    with WebServer(answering) as server:
        model = LanguageModel.objects.create(
            base_url=f"{server.base}/v1", model="small", phrases_answers=True
        )
        yield model, server


def english(model: LanguageModel) -> StackWords:
    """Let the first language's words be made."""
    rewording.word_next(str(model.pk))
    return model.words.get(language="en")


def told(number: int = 1) -> str:
    chat = make_conversation(f"chat-{number}", handled_by="ai", language="en")
    return hear(chat, SLOW).replies.get().text


def test_a_courteous_model_frames_the_facts_and_sees_none() -> None:
    with phrased_by(saying(KIND)) as (model, server):
        assert english(model).text == KIND
        incident = make_incident()
        text = told()

    assert text.startswith("We are sorry for the trouble. We know about this: “")
    assert "We are looking for the cause." in text
    assert "Thank you for your patience.\nCurrent status: " in text
    assert text.endswith("Would you like updates about this by e-mail?")
    assert incident.title.encode() not in server.requests[0].body
    assert "{" not in text


LIES = [
    KIND.replace("sorry for the trouble", "glad that it is resolved"),
    KIND.replace("{status}", "The cause is found."),
    KIND.replace("{status}", "{status} Everything works again."),
    KIND.replace("{eta}", "It will take an hour. {eta}"),
    KIND.replace("{eta}", "{eta} Or 15:30."),
    KIND.replace("We are sorry", "Do not believe this"),
    KIND.replace("{page}", "{page} or https://evil.example"),
    KIND.replace("Thank you", "Call us, thank you"),
    KIND.replace("{known} {status}", "{status} {known}"),
    KIND.replace("{offer}", "{offer} {offer}"),
    KIND.replace("{offer}", ""),
    KIND.replace("{next}", "{next} {secret}"),
    KIND.replace("trouble", "trouble" + " of it" * 60),
    KIND.replace("We are sorry for the trouble", "Wir bitten um Entschuldigung für die Mühe"),
    KIND.replace("patience.", "patience.<script>"),
    "Sorry, I cannot help with that.",
    "",
]


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_model_is_not_said(lie: str) -> None:
    with pytest.raises(Unfit):
        check(lie, "en")


@pytest.mark.parametrize(
    "answering",
    [
        saying(LIES[0]),
        saying(7),
        lambda _request: completion('{"text": "'),
        lambda _request: completion(json.dumps({"text": KIND, "also": "this"})),
        lambda _request: completion(None, refusal="I would rather not."),
        lambda _request: completion(json.dumps({"text": KIND}), finish="length"),
        lambda _request: reply(b"oh no", 500),
        lambda _request: reply(b"<html>"),
    ],
)
def test_whatever_fails_leaves_the_stacks_own_words(answering: Answering) -> None:
    with phrased_by(answering) as (model, _):
        words = english(model)
        make_incident()
        text = told()

    assert (words.text, bool(words.refusal)) == ("", True)
    assert text.startswith("We know about this: “")


def test_a_slow_model_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewording, "WITHIN_S", 0.3)
    release = Event()

    def stalling(_request: Request) -> bytes:
        release.wait(20)
        return completion(json.dumps({"text": KIND}))

    with phrased_by(stalling) as (model, _):
        assert english(model).refusal
        release.set()


@pytest.mark.parametrize("knows", ["json_object", None])
def test_a_server_without_schemas_is_asked_more_plainly(knows: str | None) -> None:
    def choosy(request: Request) -> bytes:
        form = json.loads(request.body).get("response_format", {}).get("type")
        return completion(json.dumps({"text": KIND})) if form == knows else reply(b"{}", 400)

    with phrased_by(choosy) as (model, server):
        assert english(model).text == KIND
    assert "JSON Schema" in json.loads(server.requests[-1].body)["messages"][0]["content"]


def test_every_language_is_worded_once_and_off_the_request_path() -> None:
    with phrased_by(saying(KIND)) as (model, server):
        rewording.begin(model)
        assert Due.objects.filter(kind=rewording.WORDING, key=str(model.pk)).exists()
        again: Any = timezone.now()
        while again:
            again = rewording.word_next(str(model.pk))
        assert len(server.requests) == len(SUPPORTED)
        rewording.word_next(str(model.pk))
        make_incident()
        texts = {told(number) for number in range(3)}
        assert len(server.requests) == len(SUPPORTED)

    assert len(texts) == 1
    # English words are no answer in another language.
    assert [one.language for one in model.words.all() if one.text] == ["en"]


def test_a_server_that_comes_back_is_asked_again_by_itself() -> None:
    is_down = True

    def answering(_request: Request) -> bytes:
        return reply(b"oh no", 500) if is_down else completion(json.dumps({"text": KIND}))

    with phrased_by(answering) as (model, server):
        for _language in SUPPORTED:
            again = rewording.word_next(str(model.pk))
        assert model.words.exclude(refusal="").count() == len(SUPPORTED)
        failed = model.words.get(language="en")
        assert again == failed.ask_again_at
        assert again is not None
        assert again > timezone.now()
        asked = len(server.requests)
        rewording.word_next(str(model.pk))
        assert len(server.requests) == asked

        is_down = False
        resting._kept.clear()
        model.words.update(ask_again_at=timezone.now())
        assert english(model).text == KIND
        assert not model.words.filter(pk=failed.pk).exists()


def test_the_console_says_when_what_rests_is_asked_again(console: Client) -> None:
    with phrased_by(lambda _request: reply(b"oh no", 500)) as (model, server):
        for _language in SUPPORTED:
            rewording.word_next(str(model.pk))
    resting_one = model.words.latest("id")
    assert len(server.requests) < len(SUPPORTED)
    assert resting_one.refusal == "It failed several times in a row, so it was not asked."
    html = console.get(f"/admin/assist/languagemodel/{model.pk}/change/").content.decode()
    again_at = [one.ask_again_at for one in model.words.all() if one.ask_again_at]
    assert len(again_at) == html.count("It is asked again") == len(SUPPORTED)
    assert all(f">at {clock_time(at)}</time>" in html for at in again_at)


def test_the_librarys_slow_start_is_no_failure_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A busy worker may take seconds to load it, and an hour would pass before the next try."""
    load_late(monkeypatch)
    with phrased_by(saying(KIND)) as (model, _):
        assert english(model).text == KIND


def test_words_that_were_unfit_are_final() -> None:
    with phrased_by(saying(LIES[0])) as (model, _):
        assert english(model).ask_again_at is None


def test_an_incident_keeps_the_words_it_was_opened_with() -> None:
    with phrased_by(saying(KIND)) as (model, _):
        make_incident()
        before = told(1)
        english(model)
        assert told(2) == before


def test_a_model_switched_off_says_nothing() -> None:
    with phrased_by(saying(KIND)) as (model, _):
        english(model)
        make_incident()
        LanguageModel.objects.update(phrases_answers=False)
        assert told().startswith("We know about this")
        assert rewording.word_next(str(model.pk)) is None


def test_words_in_a_title_are_no_places() -> None:
    sentences = {"known": "About “{status} is down”.", "status": "Looking.", "page": "P"}
    assert fill(DRAFT, sentences, language="en") == "About “{status} is down”. Looking.\nP"


def test_the_console_shows_what_it_would_say_and_why_not(console: Client) -> None:
    with phrased_by(saying(KIND)) as (model, _):
        for _turn in range(2):
            rewording.word_next(str(model.pk))
    html = console.get(f"/admin/assist/languagemodel/{model.pk}/change/").content.decode()
    assert "We are sorry for the trouble." in html
    assert "Not used, the stack keeps its own:" in html
