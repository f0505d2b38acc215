"""Bodies that are sent without their length being said before."""

import io
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from atender.unmeasured import IN_MEMORY, MOST, is_unmeasured, measured


def sent(body: bytes, **more: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "acme.localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "text/csv",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        **more,
    }


@pytest.mark.parametrize("length", [0, 1, 70_000, IN_MEMORY + 1])
def test_django_reads_what_was_sent(length: int) -> None:
    request = WSGIRequest(measured(sent(b"x" * length)))
    assert request.META["CONTENT_LENGTH"] == str(length)
    assert request.read() == b"x" * length


def test_what_is_longer_than_anything_taken_is_cut_and_says_so() -> None:
    left = io.BytesIO(b"x" * (MOST + 100_000))
    environ = measured(sent(b"", **{"wsgi.input": left}))
    assert environ["CONTENT_LENGTH"] == str(MOST)
    assert left.tell() == MOST


@pytest.mark.parametrize(
    "environ",
    [
        sent(b"", CONTENT_LENGTH="0"),
        sent(b"x", CONTENT_LENGTH="1"),
        sent(b"", REQUEST_METHOD="GET"),
        sent(b"x", **{"wsgi.input_terminated": False}),
    ],
)
def test_nothing_else_is_read_ahead(environ: dict[str, Any]) -> None:
    assert not is_unmeasured(environ)


def test_a_body_in_pieces_is_one() -> None:
    assert is_unmeasured(sent(b"x"))
    assert is_unmeasured(sent(b"x", CONTENT_LENGTH=""))
