"""What is left of a request's body once it is answered.

A server that closes the connection while the client still sends takes the answer with it: many a
program sees a broken pipe, and never the 413 or 401 that says why.
"""

import time
from typing import Any

from atender.incoming import MOST, PIECE

LONGEST_S = 10.0


def read_what_is_left(environ: dict[str, Any]) -> None:
    """Read to the body's end and forget it, unless it is larger or slower than any that we take."""
    # A client that asks first whether it shall send anything has not begun to.
    if not environ.get("wsgi.input_terminated") or "HTTP_EXPECT" in environ:
        return
    if _announced(environ) > MOST:
        return
    left, until = MOST, time.monotonic() + LONGEST_S
    while left > 0 and time.monotonic() < until:
        piece = environ["wsgi.input"].read(PIECE)
        if not piece:
            return
        left -= len(piece)


def _announced(environ: dict[str, Any]) -> int:
    length = environ.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
