"""The WSGI layer in front of Django: what is finished is sent from here, at once.

A visitor never waits for the database: a document that is out of date is sent as it is while a new
one is made; once that has failed for two minutes, it says how old it is.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import Error

from atender.listening import Listener, listener
from atender.startup import before_serving
from atender.tenants.addresses import Address
from atender.tenants.directory import Directory, directory
from atender.tenants.middleware import host_in
from atender.tenants.models import HostKind
from atender.unavailable import BUSY, NO_DATABASE, refuse
from statuspage.edge.asking import Asked, find_document, wish_in
from statuspage.edge.documents import Document, StartResponse
from statuspage.edge.following import Follower
from statuspage.edge.gate import Gate
from statuspage.edge.keeping import Keeper
from statuspage.edge.making import Declined, NotMade
from statuspage.edge.places import Place
from statuspage.edge.renewing import AWAITED, Renewer
from statuspage.edge.stale import stale_variant
from statuspage.edge.visits import Visits

READING = ("GET", "HEAD")
# How long a visitor waits for the newer document while the database answers, and how many may.
WAIT_S, PAUSE_S, MOST_WAITING = 0.5, 0.005, 8

Found = tuple[Address | None, Place | None]


class Known(NamedTuple):
    """What hosts lead to, in every spelling asked for, under one state of the directory."""

    addresses: Mapping[str, Address]
    by_host: dict[str, Found]


class Edge:
    def __init__(
        self, handler: WSGIHandler, *, listener: Listener, directory: Directory, inside: int
    ) -> None:
        self.directory = directory
        self.listener = listener
        self.keeper = Keeper(handler, listener)
        self.renewer = Renewer(self.keeper)
        self.visits = Visits(listener)
        self.follower = Follower(self.keeper, self.renewer, directory)
        self.gate = Gate(
            handler, listener, inside=inside, most=max(settings.WEB_THREADS * 3 // 4, inside)
        )
        self._known = Known(directory.addresses, {})
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        addresses = self.directory.addresses
        known = self._known
        if known.addresses is not addresses:
            known = self._known = Known(addresses, {})
        host = environ.get("HTTP_HOST", "")
        address, place = known.by_host.get(host) or self._find(host, known)
        if place is None or environ["REQUEST_METHOD"] not in READING:
            return self._ask_django(environ, start_response, address, place)
        # Equal to an `Asked`, and made faster.
        asked = (environ["PATH_INFO"], environ["QUERY_STRING"], "")
        document = place.documents.get(asked)  # type: ignore[call-overload]
        if document is not None and document.generation >= place.generation:
            now = time.monotonic()
            if now < document.renew_at:
                document.used_at = now
                if document.made.status == 200:
                    self.visits.note(place, environ)
                return document.answer(environ, start_response)  # type: ignore[no-any-return]
        counting = self.visits.watching(place, environ, start_response)
        return self._answer(environ, counting, address, place)

    def _ask_django(
        self,
        environ: dict[str, Any],
        start_response: StartResponse,
        address: Address | None,
        place: Place | None,
    ) -> Iterable[bytes]:
        language = self._language(environ, place)
        return self.gate(environ, start_response, address, language=language)

    def _language(self, environ: dict[str, Any], place: Place | None) -> str:
        """In what a visitor is told that the database is away; the console is English."""
        if place is None:
            return settings.LANGUAGE_CODE
        wish = wish_in(environ["QUERY_STRING"])
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        return self.keeper.language_of(place, wish, accepted) or settings.LANGUAGE_CODE

    def _find(self, host: str, known: Known) -> Found:
        self.listener.start()
        self.renewer.start()
        self.visits.start()
        address = self.directory.find(host_in(host))
        place = None
        if address is not None and address.kind == HostKind.PAGE:
            place = self.follower.place_of(address)
        # The spellings of a host are many; those that nobody uses are not worth the memory.
        if len(known.by_host) > 4 * len(known.addresses) + 100:
            known.by_host.clear()
        # A host that moved while it was looked up must not be remembered where it was.
        if address is not None and self.directory.addresses is known.addresses:
            known.by_host[host] = address, place
        return address, place

    def _answer(
        self,
        environ: dict[str, Any],
        start_response: StartResponse,
        address: Address | None,
        place: Place,
    ) -> Iterable[bytes]:
        found = find_document(environ["PATH_INFO"], environ["QUERY_STRING"])
        if found is None:
            return self._ask_django(environ, start_response, address, place)
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        asked = self.keeper.in_language(place, found, accepted)
        if place.declines(asked):
            return self._ask_django(environ, start_response, address, place)
        document = self.keeper.look_up(place, asked)
        if document is None:
            return self._first_answer(environ, start_response, address, place, found)
        if not self.keeper.is_current(place, document):
            newer = self._newer(place, asked, document)
            if newer is None:
                return self._ask_django(environ, start_response, address, place)
            document = newer
        elif time.monotonic() >= document.renew_at:
            self.renewer.want(place, asked, AWAITED)
        document.used_at = time.monotonic()
        return self._as_it_is(place, asked, document).answer(environ, start_response)

    def _newer(self, place: Place, asked: Asked, document: Document) -> Document | None:
        """Return the document's replacement if it is ready soon, else the document itself.

        None if its view is now private, or nothing is left at its address.
        """
        if not self.listener.is_answering or self.keeper.is_failing(place, asked):
            return document
        self.renewer.want(place, asked, AWAITED)
        # One page's changes must not hold up others' visitors: few wait, the rest get the old.
        if not self._waiting.acquire(blocking=False):
            return document
        try:
            until = time.monotonic() + WAIT_S
            while time.monotonic() < until and self.listener.is_answering:
                time.sleep(PAUSE_S)
                newest = self.keeper.look_up(place, asked)
                if newest is None or place.declines(asked):
                    return None
                document = newest
                if self.keeper.is_current(place, document) or self.keeper.is_failing(place, asked):
                    break
        finally:
            self._waiting.release()
        return document

    def _first_answer(
        self,
        environ: dict[str, Any],
        start_response: StartResponse,
        address: Address | None,
        place: Place,
        found: Asked,
    ) -> Iterable[bytes]:
        """Answer with what nobody has made yet, if the database lets us."""
        language = self._language(environ, place)
        if not self.listener.is_answering:
            other = self.keeper.in_another_language(place, found)
            if other is not None:
                return self._as_it_is(place, *other).answer(environ, start_response)
            return refuse(environ, start_response, NO_DATABASE, language=language)
        with self.gate.entered() as is_inside:
            if not is_inside:
                return refuse(environ, start_response, BUSY, language=language)
            try:
                accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
                document = self.keeper.answer(place, found, accepted)
            except Declined:
                document = None
            except (NotMade, Error):
                return refuse(environ, start_response, NO_DATABASE, language=language)
        if document is None:
            return self._ask_django(environ, start_response, address, place)
        return document.answer(environ, start_response)

    def _as_it_is(self, place: Place, asked: Asked, document: Document) -> Document:
        """Return the document or, once it may be out of date, the variant that says so."""
        if self.keeper.is_current(place, document):
            return document
        true_at = self.keeper.true_at(place, document)
        if (datetime.now(UTC) - true_at).total_seconds() < settings.EDGE_STALE_AFTER_S:
            return document
        return stale_variant(
            document, true_at=true_at, is_database_away=not self.listener.is_answering
        )


def wrap(handler: WSGIHandler) -> Edge:
    """Put the edge in front of Django; named by the setting EDGE."""
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    # Two connections are reserved for making documents and for queries outside requests.
    edge = Edge(handler, listener=listener, directory=directory, inside=max(pool - 2, 1))
    # After the directory, whose pages it follows.
    before_serving(edge.follower.follow)
    return edge
