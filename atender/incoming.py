"""Request bodies as they come in: without a length said before, shorter than was said, or slowly.

A body in pieces whose connection breaks is not told from a whole one by the server.
"""

import io
import tempfile
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from atender.digits import whole_number
from atender.stalled import Watch

# More than any address takes: what is longer is cut here, and refused there for its length.
MOST = 20_000_001
IN_MEMORY = 1_000_000
PIECE = 65_536
# How long a sender may take for one piece, or for the last of it; a proxy in front should be less
# patient with silence.
PATIENCE_S = 35.0
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

senders = Watch(PATIENCE_S, PIECE)


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


class TooLarge(io.RawIOBase):
    """A body larger than any that we take: nobody reads it, and who asks for it is told so."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any, /) -> int:
        raise RequestDataTooBig("The body is larger than any that is taken.")


class TooSlow(Exception):
    """The sender fell silent, or all but silent, before the body's end."""


def has_body(environ: dict[str, Any]) -> bool:
    return bool(_length_said(environ)) or _is_unmeasured(environ)


def with_body(environ: dict[str, Any]) -> dict[str, Any]:
    """The same request with its body received, which Django reads whole or not at all.

    Received before anybody judges the request: a connection that is closed while the client still
    sends takes the answer with it. Raises TooSlow.
    """
    length = _length_said(environ)
    if length is None:
        return _measured(environ) if _is_unmeasured(environ) else environ
    if length > MOST:
        return {**environ, "wsgi.input": io.BufferedReader(TooLarge())}
    body, _length = _receive(environ, length)
    return {**environ, "wsgi.input": io.BufferedReader(Announced(body, length))}


def _length_said(environ: dict[str, Any]) -> int | None:
    return whole_number(environ.get("CONTENT_LENGTH") or "", digits=19)


def _is_unmeasured(environ: dict[str, Any]) -> bool:
    """Whether there may be a body that nobody said the length of, and that ends by itself."""
    return (
        not environ.get("CONTENT_LENGTH")
        and bool(environ.get("wsgi.input_terminated"))
        and environ["REQUEST_METHOD"] not in WITHOUT_BODY
    )


def _measured(environ: dict[str, Any]) -> dict[str, Any]:
    """The same request with the length of its body; without one Django reads nothing."""
    body, length = _receive(environ, MOST)
    return {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}


def _receive(environ: dict[str, Any], most: int) -> tuple[Any, int]:
    """What is sent, up to `most` bytes, and how many they are."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    length = 0
    while length < most:
        piece = _next_piece(environ, min(PIECE, most - length))
        length += body.write(piece)
        if not piece:
            break
    body.seek(0)
    return body, length


def _next_piece(environ: dict[str, Any], most: int) -> bytes:
    with senders.over(environ.get("REMOTE_ADDR", "")) as wait:
        piece: bytes = environ["wsgi.input"].read(most)
    # The end of a connection that was ended for its slowness looks like that of a body. Time alone
    # tells nothing: the server comes back with all that was asked for, however slowly it comes.
    if wait.is_ended and len(piece) < most:
        raise TooSlow
    return piece
