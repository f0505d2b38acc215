"""Request bodies whose length is not announced: chunked, or streamed by HTTP/2."""

import tempfile
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase

# More than any address takes: what is longer is cut here, and refused there for its length.
MOST = 20_000_001
IN_MEMORY = 1_000_000
PIECE = 65_536
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Handler(WSGIHandler):
    """Django, which takes a body without a length for an empty one, is told the length."""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> HttpResponseBase:
        if is_unmeasured(environ):
            environ = measured(environ)
        return super().__call__(environ, start_response)


def is_unmeasured(environ: dict[str, Any]) -> bool:
    """Whether there may be a body that nobody said the length of, and that ends by itself."""
    return (
        not environ.get("CONTENT_LENGTH")
        and bool(environ.get("wsgi.input_terminated"))
        and environ["REQUEST_METHOD"] not in WITHOUT_BODY
    )


def measured(environ: dict[str, Any]) -> dict[str, Any]:
    """The same request with its body read, and its length."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    length = 0
    while piece := environ["wsgi.input"].read(min(PIECE, MOST - length)):
        length += body.write(piece)
        if length >= MOST:
            break
    body.seek(0)
    return {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}
