"""How many requests are held for Django, and that the others are refused at once."""

import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from atender.tenants.addresses import Address
from atender.tenants.models import HostKind
from statuspage.edge.gate import Gate

CONSOLE = Address("acme.localhost", "acme", "1", "Acme", HostKind.CONSOLE, None)
INSIDE, MOST, TOO_MANY = 2, 7, 3


class Slow:
    """A Django that answers nobody until it is let go on."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self, _environ: object, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.begun.release()
        assert self.goes_on.wait(120)
        start_response("200 OK", [])
        return [b"done"]


class Answering:
    is_answering = True


def ask(gate: Gate) -> str:
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/v1/incidents",
        "wsgi.input": io.BytesIO(),
    }
    list(gate(environ, lambda status, _headers: told.append(status), CONSOLE, language="en"))
    return told[0]


def test_as_many_wait_as_may_and_the_others_are_refused_at_once() -> None:
    django: Any = Slow()
    listener: Any = Answering()
    gate = Gate(django, listener, inside=INSIDE, most=MOST)
    with ThreadPoolExecutor(MOST + TOO_MANY) as programs:
        asked = [programs.submit(ask, gate) for _ in range(MOST + TOO_MANY)]
        told = as_completed(asked, timeout=90)
        assert {next(told).result() for _ in range(TOO_MANY)} == {"503 Service Unavailable"}
        for _ in range(INSIDE):
            assert django.begun.acquire(timeout=90)
        assert not django.begun.acquire(blocking=False)
        django.goes_on.set()
        assert [one.result() for one in told] == ["200 OK"] * MOST
    assert ask(gate) == "200 OK"
