"""The gate from the edge to Django, so that finished answers never wait for a thread.

A request that Django answers holds a thread for as long as the database takes. Of the server's
threads these requests get only a part; with the database silent they are turned away at once.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import Resolver404, resolve

from atender.incoming import with_body
from atender.listening import Listener
from atender.tenants.addresses import Address
from atender.tenants.models import HostKind
from atender.unavailable import BUSY, NO_DATABASE, refuse
from atender.unread import read_what_is_left
from statuspage.edge.documents import StartResponse

WAIT_LIMIT_S = 10.0


class Gate:
    """`inside` requests are with Django at once, `waiting` stand in line; others are refused."""

    def __init__(
        self, handler: WSGIHandler, listener: Listener, *, inside: int, waiting: int
    ) -> None:
        self.handler = handler
        self.listener = listener
        self._inside = threading.BoundedSemaphore(inside)
        self._line = threading.BoundedSemaphore(inside + waiting)

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
        with self.entered() as is_inside:
            if not is_inside:
                return refuse(environ, start_response, BUSY, language=language)
            # Not before: who sends slowly holds no thread that finished answers need.
            response = self.handler(with_body(environ), start_response)
            read_what_is_left(environ)
            return response

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Go in, waiting in line if need be; False where the line or the wait is too long."""
        if not self._line.acquire(blocking=False):
            yield False
            return
        try:
            is_inside = self._inside.acquire(timeout=WAIT_LIMIT_S)
            try:
                yield is_inside
            finally:
                if is_inside:
                    self._inside.release()
        finally:
            self._line.release()


def needs_no_database(environ: Mapping[str, Any], address: Address) -> bool:
    """Whether the view at this address says that it never asks the database."""
    is_page = address.kind == HostKind.PAGE
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        match = resolve(path, settings.PAGE_URLCONF if is_page else settings.ROOT_URLCONF)
    except (UnicodeError, Resolver404):
        return False
    return bool(getattr(match.func, "needs_no_database", False))
