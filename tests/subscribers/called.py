"""Endpoints of the tests: a real server on loopback, and subscribers who are called there."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from subscribers.models import Delivery, Endpoint, Subscriber
from subscribers.people.asked import Asked
from subscribers.people.endpoints import add_endpoint
from tests.factories import STAFF, component, default_page
from tests.subscribers.making import strike
from tests.web_server import Answering, Request, WebServer, reply


class Listener(WebServer):
    """A server whose mood a test changes: `mood` answers each request."""

    def __init__(self, mood: Answering | None = None) -> None:
        self.mood: Answering = mood or (lambda _: reply(status=204))
        super().__init__(self._by_mood)

    def _by_mood(self, request: Request) -> bytes | Iterable[bytes]:
        return self.mood(request)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.body) for request in self.requests]

    @property
    def ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in self.requests]

    def answer(self, status: int, **headers: str) -> None:
        self.mood = lambda _: reply(b"", status, **headers)


@contextmanager
def listening(mood: Answering | None = None) -> Iterator[Listener]:
    with Listener(mood) as server:
        yield server


def make_endpoint(
    server: WebServer,
    path: str = "/hook",
    *,
    channel: str = "webhook",
    components: Sequence[str] = (),
    **more: Any,
) -> Subscriber:
    asked = Asked([component(name) for name in components])
    url = server.base + path
    added, _ = add_endpoint(
        more.pop("page", None) or default_page(),
        channel=channel,
        url=url,
        by=STAFF,
        asked=asked,
        **more,
    )
    return added


def later(**after: float) -> int:
    with time_machine.travel(timezone.now() + timedelta(**after), tick=True):
        return strike()


def delivery_to(subscriber: Subscriber) -> Delivery:
    return Delivery.objects.get(subscriber=subscriber)


def endpoint_of(subscriber: Subscriber) -> Endpoint:
    return Endpoint.objects.get(pk=subscriber.pk)


def in_turn(*answers: bytes) -> Callable[[Request], bytes]:
    """Answers one after the other; the last again and again."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
