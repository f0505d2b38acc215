"""Answers that have no body say nothing of its length (RFC 9110, 8.6)."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class BodilessMiddleware:
    """Take back the length of 0 that Django gives an answer without a body.

    With 304 it would be that of the document which the client has, with 204 it is not allowed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in BODILESS:
            del response["Content-Length"]
        return response
