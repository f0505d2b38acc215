"""Request bodies as they come in: without a length said before, or shorter than was said.

A body in pieces whose connection breaks is not told from a whole one by the server.
"""

import io
import tempfile
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

# More than any address takes: what is longer is cut here, and refused there for its length.
MOST = 20_000_001
IN_MEMORY = 1_000_000
PIECE = 65_536
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Request(WSGIRequest):
    """A request that is read as UTF-8, whatever its Content-Type names.

    Django decodes the address, too, by what is named there, and raises where that is no encoding of
    text, before anything could answer. `EncodingMiddleware` refuses forms in another.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        named = meta.get("CONTENT_TYPE", "")
        try:
            self.content_type, self.content_params = parse_header_parameters(named)
        except (LookupError, ValueError):
            # A parameter in an encoding that is none; whoever parses it again would raise, too.
            self.content_type = meta["CONTENT_TYPE"] = named.partition(";")[0].strip().lower()
            self.content_params = {}


class Handler(WSGIHandler):
    request_class = Request


class Announced(io.RawIOBase):
    """A body of a length that was said, which is refused where it ends before."""

    def __init__(self, body: Any, length: int) -> None:
        self.body = body
        self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self.body.read(min(len(buffer), self.left))
        self.left -= len(piece)
        if not piece and self.left > 0:
            raise BadRequest("The body ended before its length.")
        buffer[: len(piece)] = piece
        return len(piece)


def with_body(environ: dict[str, Any]) -> dict[str, Any]:
    """The same request with a body that Django reads whole, or not at all."""
    if is_unmeasured(environ):
        return measured(environ)
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        body = io.BufferedReader(Announced(environ["wsgi.input"], int(length)))
        return {**environ, "wsgi.input": body}
    return environ


def is_unmeasured(environ: dict[str, Any]) -> bool:
    """Whether there may be a body that nobody said the length of, and that ends by itself."""
    return (
        not environ.get("CONTENT_LENGTH")
        and bool(environ.get("wsgi.input_terminated"))
        and environ["REQUEST_METHOD"] not in WITHOUT_BODY
    )


def measured(environ: dict[str, Any]) -> dict[str, Any]:
    """The same request with its body read, and its length; without one Django reads nothing."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    length = 0
    while piece := environ["wsgi.input"].read(min(PIECE, MOST - length)):
        length += body.write(piece)
        if length >= MOST:
            break
    body.seek(0)
    return {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}
