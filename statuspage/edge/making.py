"""Makes a document from nothing but what was asked and one snapshot of the record."""

import io
import sys
import time
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import set_urlconf

from atender.generations.models import Generation
from atender.patience import answered_within
from atender.tenants.addresses import Address
from statuspage.edge.asking import MISSING, Asked
from statuspage.edge.documents import Facts, Made
from statuspage.edge.places import Place

# The whole document; the slowest seen took a tenth of a second.
MAKING_LIMIT_S = 5.0
LONGEST_LIFE_S = 60.0
NOT_PASSED_ON = {"content-length", "vary", "etag", "set-cookie", "connection", "date"}
# What a view may vary by, since what is asked holds it.
KNOWN_TO_VARY = {"accept-encoding", "accept-language"}
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class Declined(Exception):
    """The view's answer is not for everybody; the visitor's own request has to be asked.

    `is_private` says that nothing of the page is for everybody.
    """

    def __init__(self, generation: int, *, is_private: bool) -> None:
        super().__init__()
        self.generation = generation
        self.is_private = is_private


class NotMade(Exception):
    """The view failed, for want of a database or by a mistake of ours, which the log holds."""


def make(handler: WSGIHandler, place: Place, asked: Asked) -> tuple[Made, bytes]:
    """Have the view answer an anonymous request built only from what was asked.

    The page's generation is read in the same snapshot, and first: whatever the answer shows is
    not older. A path at which there is nothing answers 404. Raises Declined, NotMade,
    DatabaseError.
    """
    with answered_within(MAKING_LIMIT_S):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(SNAPSHOT)
                rows = Generation.objects.filter(page_id=place.page_id)
                generation = rows.values_list("number", flat=True).first() or 0
                made_at = time.time()
                request = WSGIRequest(_environ(place, asked))
                response = handler.get_response(request)
            # The host may have moved to another page, even of another tenant, a moment ago.
            address: Address | None = getattr(request, "address", None)
            if address is None or (address.schema, address.page_id) != (
                place.schema,
                place.page_id,
            ):
                raise NotMade
            return _made(response, generation, made_at)
        finally:
            # No server ends this request, so whatever it set for its thread would stay set.
            set_urlconf(None)
            connection.close()


def _environ(place: Place, asked: Asked) -> dict[str, Any]:
    scheme = settings.PUBLIC_SCHEME
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": asked.path,
        "QUERY_STRING": asked.query,
        "SERVER_NAME": place.host,
        "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": place.host,
        "HTTP_ACCEPT_LANGUAGE": asked.language,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _made(response: HttpResponseBase, generation: int, made_at: float) -> tuple[Made, bytes]:
    facts: Facts = getattr(response, "facts", Facts())
    if response.status_code >= 500:
        raise NotMade
    if not _is_for_everybody(response):
        is_private = "private" in response.get("Cache-Control", "").lower()
        raise Declined(generation, is_private=is_private)
    language = response.get("Content-Language", "") if len(facts.languages) > 1 else ""
    # A document turns old, and is remade, well before it may be called stale.
    life_s = min(LONGEST_LIFE_S, settings.EDGE_STALE_AFTER_S / 2)
    fresh_until = min(made_at + life_s, facts.changes_at or float("inf"))
    headers = tuple(
        (name, value) for name, value in response.items() if name.lower() not in NOT_PASSED_ON
    )
    made = Made(response.status_code, headers, generation, made_at, fresh_until, language, facts)
    return made, bytes(response.content)  # type: ignore[attr-defined]


def _is_for_everybody(response: HttpResponseBase) -> bool:
    control = response.get("Cache-Control", "").lower()
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return (
        response.status_code in (200, 404)
        and not response.streaming
        and not response.cookies
        and "private" not in control
        and "no-store" not in control
        and vary <= KNOWN_TO_VARY
    )


def is_kept(made: Made, asked: Asked) -> bool:
    """Whether to keep the answer for others; not for unknown ids, which are endless."""
    return (made.status == 404) == (asked.path == MISSING)
