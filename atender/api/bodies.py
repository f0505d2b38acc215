"""Request bodies that are larger than usual, or not JSON."""

import io
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

Handler = Callable[..., Response]


class BodyTooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, largest: int) -> None:
        super().__init__(f"The body is too large; send {largest // 1_000_000} MB at most.")


class OtherType(UnsupportedMediaType):
    """The body's type is not one that this address accepts."""

    def __init__(self, sent: str, wanted: str) -> None:
        super().__init__(sent)
        self.sentence = (
            f"This address takes '{wanted}'; the body says that it is '{sent[:60] or 'nothing'}'."
        )


class CSVParser(BaseParser):
    """Declares the accepted type and leaves the text to the view."""

    media_type = "text/csv"


def takes_file(media_type: str, *, largest: int) -> Callable[[Handler], Handler]:
    """Let a method have a body of this type and of up to `largest` bytes in `request.body`."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            sent = str(request.content_type or "").partition(";")[0].strip()
            if sent.lower() != media_type:
                raise OtherType(sent, media_type)
            _read(request._request, largest)
            return handler(view, request, *args, **kwargs)

        return answer

    return decorate


def _read(request: HttpRequest, largest: int) -> None:
    """Read the body before the framework does, whose limit is that of all other addresses."""
    try:
        body = request.read(largest + 1)
    except RequestDataTooBig:
        raise BodyTooLarge(largest) from None
    if len(body) > largest:
        raise BodyTooLarge(largest)
    request._body = body
    request._stream = io.BytesIO(body)
