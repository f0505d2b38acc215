"""Vectors from a tenant's server: a real one that answers, lies, stalls and breaks."""

import json
import logging
from collections.abc import Iterable, Iterator
from threading import Event

import numpy as np
import pytest
from pytest_django import Settings

from assist.embeddings.asking import AT_ONCE, embed
from assist.language_model.connecting import NoAnswer
from assist.language_model.loading import load
from assist.models import EmbeddingModel
from tests.assist.embeddings.serving import BROKEN, NUMBERS, answer, honest, texts_in, vector
from tests.assist.late_library import load_late
from tests.web_server import HangUp, Request, WebServer, reply

TEXTS = ["my autograph is not taken", "the parcel is late"]


@pytest.fixture(autouse=True)
def afresh(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    load()


def at(server: WebServer, **given: object) -> EmbeddingModel:
    return EmbeddingModel(base_url=f"{server.base}/v1/", model="small", api_key="sesame", **given)


def test_it_gets_unit_vectors_in_the_order_of_the_texts() -> None:
    with WebServer(honest) as server:
        vectors = embed(at(server), TEXTS)

    expected = np.array([vector(text) for text in TEXTS])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(vectors, expected, atol=1e-6)
    (request,) = server.requests
    assert (request.method, request.target) == ("POST", "/v1/embeddings")
    assert request.headers["authorization"] == "Bearer sesame"
    asked = json.loads(request.body)
    assert asked == {"model": "small", "input": TEXTS, "encoding_format": "float"}


def test_no_log_line_says_where_a_model_is(caplog: pytest.LogCaptureFixture) -> None:
    """A server's path may hold what opens it."""
    with WebServer(honest) as server, caplog.at_level(logging.INFO):
        secret = EmbeddingModel(base_url=f"{server.base}/s3cret/v1", model="small", api_key="key")
        embed(secret, TEXTS)

    assert [request.target for request in server.requests] == ["/s3cret/v1/embeddings"]
    assert "s3cret" not in caplog.text


def test_an_answer_in_another_order_is_put_right() -> None:
    def turned(request: Request) -> bytes:
        rows = [
            {"index": number, "embedding": vector(text)}
            for number, text in enumerate(texts_in(request))
        ]
        return reply(json.dumps({"data": rows[::-1]}).encode(), content_type="application/json")

    with WebServer(honest) as server:
        expected = embed(at(server), TEXTS)
    with WebServer(turned) as server:
        assert np.array_equal(embed(at(server), TEXTS), expected)


@pytest.mark.parametrize("how", BROKEN)
def test_whatever_is_no_vector_is_no_answer(how: str) -> None:
    with WebServer(BROKEN[how]) as server, pytest.raises(NoAnswer) as refusal:
        embed(at(server), TEXTS)
    assert refusal.value.sentence.endswith(".")
    assert "oops" not in refusal.value.sentence
    assert len(server.requests) == 1


def test_as_many_numbers_as_before() -> None:
    with WebServer(honest) as server:
        assert embed(at(server, dimensions=NUMBERS), TEXTS).shape == (2, NUMBERS)
        with pytest.raises(NoAnswer, match="have 256 numbers; they had 1,536 before"):
            embed(at(server, dimensions=1_536), TEXTS)


def test_the_largest_answer_that_is_wanted_is_taken() -> None:
    longest = [[-0.123456789012345] * 4_096] * AT_ONCE
    with WebServer(lambda _request: answer(longest)) as server:
        assert embed(at(server), ["text"] * AT_ONCE).shape == (AT_ONCE, 4_096)


@pytest.fixture
def stalling() -> Iterator[WebServer]:
    over = Event()

    def stalls(_request: Request) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 Status\r\nContent-Length: 10\r\n\r\n"
        over.wait(30)
        raise HangUp

    with WebServer(stalls) as server:
        yield server
        over.set()


def test_a_server_that_stalls_is_left(stalling: WebServer) -> None:
    with pytest.raises(NoAnswer):
        embed(at(stalling), TEXTS, within_s=0.2)


def test_a_library_that_takes_long_to_load_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    load_late(monkeypatch)
    with WebServer(honest) as server:
        assert embed(at(server), TEXTS).shape == (2, NUMBERS)


def test_private_addresses_are_called_only_where_the_operator_allows(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    with WebServer(honest) as server, pytest.raises(NoAnswer):
        embed(at(server), TEXTS)
    assert server.connections == 0


def test_the_operators_own_account_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "operators")
    monkeypatch.setenv("OPENAI_ORG_ID", "operators")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    with WebServer(honest) as server:
        model = at(server)
        model.api_key = ""
        embed(model, TEXTS)
    assert "operators" not in str(server.requests[0].headers)
