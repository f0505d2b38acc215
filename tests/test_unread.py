"""Bodies that were answered before they were read to the end."""

import io
from typing import Any

import pytest

from atender.incoming import MOST
from atender.unread import read_what_is_left


def sent(length: int, **more: Any) -> dict[str, Any]:
    return {
        "CONTENT_LENGTH": str(length),
        "wsgi.input": io.BytesIO(b"x" * length),
        "wsgi.input_terminated": True,
        **more,
    }


@pytest.mark.parametrize("length", [0, 1, 3_000_000])
def test_nothing_is_left(length: int) -> None:
    environ = sent(length)
    environ["wsgi.input"].read(1000)
    read_what_is_left(environ)
    assert environ["wsgi.input"].read() == b""


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_EXPECT": "100-continue"},
        {"wsgi.input_terminated": False},
        {"CONTENT_LENGTH": str(MOST + 1)},
    ],
)
def test_what_nobody_has_to_read_is_left(more: dict[str, Any]) -> None:
    environ = sent(10, **more)
    read_what_is_left(environ)
    assert environ["wsgi.input"].tell() == 0


def test_a_body_without_an_end_is_left_at_last() -> None:
    environ = sent(MOST + 1_000_000, CONTENT_LENGTH="")
    read_what_is_left(environ)
    assert MOST <= environ["wsgi.input"].tell() < MOST + 100_000
