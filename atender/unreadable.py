"""Requests that Django refuses to read: too large, too many fields, or no form at all."""

import codecs
import logging
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


class EncodingMiddleware:
    """Read everything as UTF-8, and refuse a form that says it is something else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = (request.content_params or {}).get("charset", "")
        if request.content_type in FORMS and is_another(named):
            raise BadRequest("A form is UTF-8.")
        return self.get_response(request)


def is_another(named: str) -> bool:
    """Whether this is a known encoding other than UTF-8; what is none says nothing."""
    try:
        return codecs.lookup(named).name != "utf-8"
    except (LookupError, ValueError):
        return False
