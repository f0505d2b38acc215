"""The gate from the edge to Django, so that finished answers never wait for a thread.

A request that Django answers holds a thread for as long as the database takes. Of the server's
threads these requests get only a part; with the database silent they are turned away at once. A
body is received before: who sends slowly, or stops, holds none of the few places inside.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import Resolver404, resolve

from atender.incoming import TooSlow, has_body, with_body
from atender.listening import Listener
from atender.tenants.addresses import Address
from atender.tenants.models import HostKind
from atender.unavailable import BUSY, NO_DATABASE, TOO_SLOW, refuse
from statuspage.edge.documents import StartResponse

WAIT_LIMIT_S = 10.0
# Bodies come in within milliseconds: where all who may send still do a second later, they stall.
SENDING_LIMIT_S = 1.0


class Gate:
    """`inside` requests are with Django at once, and `most` with those in line or still sending.

    Others are refused.
    """

    def __init__(self, handler: WSGIHandler, listener: Listener, *, inside: int, most: int) -> None:
        self.handler = handler
        self.listener = listener
        self._inside = threading.BoundedSemaphore(inside)
        self._line = threading.BoundedSemaphore(most)
        # Of those in line, so that senders who stall leave places to all who send nothing.
        self._receiving = threading.BoundedSemaphore(most // 2)

    def __call__(
        self,
        environ: dict[str, Any],
        start_response: StartResponse,
        address: Address | None,
        *,
        language: str,
    ) -> Iterable[bytes]:
        if address is None or environ["PATH_INFO"].startswith(settings.STATIC_URL):
            return self.handler(environ, start_response)
        if not self.listener.is_answering:
            if needs_no_database(environ, address):
                return self.handler(environ, start_response)
            return refuse(environ, start_response, NO_DATABASE, language=language)
        with taken(self._line) as has_place:
            if not has_place:
                return refuse(environ, start_response, BUSY, language=language)
            try:
                received = self._receive(environ)
            except TooSlow:
                return refuse(environ, start_response, TOO_SLOW)
            if received is None:
                return refuse(environ, start_response, BUSY, language=language)
            with taken(self._inside, wait_s=WAIT_LIMIT_S) as is_inside:
                if not is_inside:
                    return refuse(environ, start_response, BUSY, language=language)
                return self.handler(received, start_response)

    def _receive(self, environ: dict[str, Any]) -> dict[str, Any] | None:
        """The request with its body, before it takes a place inside; None where too many send."""
        if not has_body(environ):
            return environ
        with taken(self._receiving, wait_s=SENDING_LIMIT_S) as may_send:
            return with_body(environ) if may_send else None

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Go in, waiting in line if need be; False where the line or the wait is too long."""
        with taken(self._line) as has_place:
            if not has_place:
                yield False
                return
            with taken(self._inside, wait_s=WAIT_LIMIT_S) as is_inside:
                yield is_inside


@contextmanager
def taken(places: threading.BoundedSemaphore, *, wait_s: float = 0) -> Iterator[bool]:
    """Hold one of the places; False where none was free in time."""
    is_taken = places.acquire(timeout=wait_s)
    try:
        yield is_taken
    finally:
        if is_taken:
            places.release()


def needs_no_database(environ: Mapping[str, Any], address: Address) -> bool:
    """Whether the view at this address says that it never asks the database."""
    is_page = address.kind == HostKind.PAGE
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        match = resolve(path, settings.PAGE_URLCONF if is_page else settings.ROOT_URLCONF)
    except (UnicodeError, Resolver404):
        return False
    return bool(getattr(match.func, "needs_no_database", False))
