"""A real server of embeddings on 127.0.0.1, whose vectors follow from the words of each text."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone

from assist.embeddings.weighing import weigh
from assist.models import EmbeddingModel
from tests.web_server import HangUp, Request, WebServer, reply

NUMBERS = 256
# What a model knows and the lexicon does not.
MEANS = {"autograph": "signing", "scribble": "signing", "signed": "signing", "taken": "signing"}
WORD = re.compile(r"\w{5,}")


def vector(text: str) -> list[float]:
    numbers = [0.0] * NUMBERS
    numbers[0] = 0.1
    for word in WORD.findall(text.lower()):
        digest = sha256(MEANS.get(word, word).encode()).digest()
        numbers[1 + int.from_bytes(digest[:4]) % (NUMBERS - 1)] += 1.0
    return numbers


def answer(vectors: Sequence[Any]) -> bytes:
    data = [
        {"object": "embedding", "index": number, "embedding": one}
        for number, one in enumerate(vectors)
    ]
    said = {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1}}
    return reply(json.dumps(said).encode(), content_type="application/json")


def texts_in(request: Request) -> list[str]:
    given = json.loads(request.body)["input"]
    assert isinstance(given, list)
    return given


def honest(request: Request) -> bytes:
    return answer([vector(text) for text in texts_in(request)])


def hangs_up(_request: Request) -> bytes:
    raise HangUp


def changed(change: Callable[[list[Any]], list[Any]]) -> Callable[[Request], bytes]:
    """Answer what an honest one would, but for this."""
    return lambda request: answer(change([vector(text) for text in texts_in(request)]))


BROKEN: dict[str, Callable[[Request], bytes | Iterable[bytes]]] = {
    "one too few": changed(lambda rows: rows[1:]),
    "one too many": changed(lambda rows: [*rows, rows[0]]),
    "of other lengths": changed(lambda rows: [rows[0][1:], *rows[1:], rows[0]][: len(rows)]),
    "too short": changed(lambda rows: [[1.0, 2.0] for _ in rows]),
    "too long": changed(lambda rows: [[1.0] * 5_000 for _ in rows]),
    "not a number": changed(lambda rows: [[float("nan")] * NUMBERS for _ in rows]),
    "endless numbers": changed(lambda rows: [[float("inf")] * NUMBERS for _ in rows]),
    "beyond all numbers": changed(lambda rows: [[10**400] * NUMBERS for _ in rows]),
    "all zero": changed(lambda rows: [[0.0] * NUMBERS for _ in rows]),
    "words": changed(lambda rows: [["near"] * NUMBERS for _ in rows]),
    "vectors in vectors": changed(lambda rows: [[row] for row in rows]),
    "nothing": changed(lambda rows: [None for _ in rows]),
    "no data": lambda _r: reply(b'{"data": []}', content_type="application/json"),
    "data of nothing": lambda _r: reply(b'{"data": [null]}', content_type="application/json"),
    "a list": lambda _r: reply(b"[1, 2]", content_type="application/json"),
    "a web page": lambda _r: reply(b"<h1>Hello</h1>", content_type="text/html"),
    "half a body": lambda _r: reply(b'{"data": [', content_type="application/json"),
    "deeply nested": lambda _r: reply(b"[" * 100_000, content_type="application/json"),
    "refused key": lambda _r: reply(b"{}", 401),
    "too many": lambda _r: reply(b"{}", 429),
    "broken": lambda _r: reply(b"oops", 500),
    "moved": lambda _r: reply(b"", 302, location="http://127.0.0.1:1/"),
    "hangs up": hangs_up,
    "huge": lambda _r: reply(b'{"data": [' + b"0," * 1_500_000, content_type="application/json"),
}


@contextmanager
def model_that(
    answering: Callable[[Request], bytes | Iterable[bytes]] = honest, **given: Any
) -> Iterator[tuple[EmbeddingModel, WebServer]]:
    with WebServer(answering) as server:
        model = EmbeddingModel.objects.create(
            **{
                "base_url": f"{server.base}/v1",
                "model": "small",
                "api_key": "sesame",
                "languages": ["en"],
                **given,
            }
        )
        yield model, server


def work(at: datetime | None = None) -> datetime | None:
    """Do what there is to do, as a worker would; returns when it is to be gone on with."""
    for _ in range(100):
        now = at or timezone.now()
        again = weigh(now)
        if again is None or again > now:
            return again
    raise AssertionError("It never ends.")
