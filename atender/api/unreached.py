"""Errors of console hosts outside any view: problem documents for programs, pages for people."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase, HttpResponseServerError
from django.template.loader import render_to_string

from atender.api.errors import NOT_FOUND, problem_page
from atender.console.errors import MISSING, error_page, sentence_of
from atender.unavailable import is_for_programs
from atender.unreadable import note_unreadable

UNREADABLE = "The request cannot be read."
TOO_MUCH = (
    "More was sent than is read: 1 MB beside files, and 1,000 fields. "
    "Nothing was changed; send less."
)
NO_SLASH = "Addresses of the API end without a slash."
OUR_FAULT = "Something went wrong on our side; nothing was changed. It has been logged."


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer a request that Django refuses to read (handler400)."""
    status = note_unreadable(request, exception)
    is_too_much = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    answer = problem_page if is_for_programs(request.path) else error_page
    return answer(request, status, TOO_MUCH if is_too_much else UNREADABLE)


def missing(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that nothing is served under (handler404)."""
    if is_for_programs(request.path):
        ends_in_slash = request.path.endswith("/")
        return problem_page(request, 404, f"{NOT_FOUND} {NO_SLASH}" if ends_in_slash else NOT_FOUND)
    return error_page(request, 404, sentence_of(exception, MISSING))


def broken(request: HttpRequest) -> HttpResponseBase:
    """Answer a request that met a bug (handler500)."""
    if is_for_programs(request.path):
        return problem_page(request, 500, OUR_FAULT)
    return HttpResponseServerError(render_to_string("console/broken.html"))
