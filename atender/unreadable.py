"""Requests that Django refuses to read: too large, too many fields, or no form at all."""

import codecs
import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, QueryDict

log = logging.getLogger(__name__)

CHARSET = re.compile(r"""(?i)\bcharset\s*=\s*["']?([^;"'\s]*)["']?""")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def note_unreadable(request: HttpRequest, error: Exception) -> HTTPStatus:
    """Write a line about it, leave a request that can be answered, and return with what status."""
    try:
        _ = request.GET
        is_address = False
    except SuspiciousOperation:
        # Whatever draws the answer may ask for the parameters once more.
        request.GET = QueryDict()
        is_address = True
    # Not the path itself: it may hold somebody's token.
    route = request.resolver_match.route if request.resolver_match else "an unknown address"
    log.warning("%s of %s was not read: %s", request.method, route, type(error).__name__)
    if isinstance(error, TOO_MUCH) and not is_address:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return HTTPStatus.BAD_REQUEST


def readable_type(method: str, content_type: str) -> str:
    """Return a Content-Type that Django can take, which decodes the address by what it names.

    `base64` and `hex` are encodings to Python and none of text. Where there is no body, and where
    it is what is taken anyway, the encoding is left out altogether.
    """
    kind, _, parameters = content_type.partition(";")
    named = CHARSET.search(parameters)
    if named is None:
        return content_type
    if method in ("GET", "HEAD") or named[1].lower() in ("utf-8", "utf8") or not is_text(named[1]):
        return kind + ";" + CHARSET.sub("", parameters)
    return content_type


def is_text(encoding: str) -> bool:
    try:
        return "".encode(encoding) == b""
    except (LookupError, ValueError):
        return False


class EncodingMiddleware:
    """Read everything as UTF-8, and refuse a form that says it is something else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = request.encoding
        if named and codecs.lookup(named).name != "utf-8":
            request.encoding = "utf-8"
            if request.content_type in FORMS:
                raise BadRequest("A form is UTF-8.")
        return self.get_response(request)
