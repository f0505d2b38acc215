"""Bodies of no length or the wrong one, and types that name encodings."""

import io
from typing import Any

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

from atender.incoming import IN_MEMORY, MOST, Request, has_body, with_body


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
    request = WSGIRequest(with_body(sent(b"x" * length)))
    assert request.META["CONTENT_LENGTH"] == str(length)
    assert request.read() == b"x" * length


def test_what_is_longer_than_anything_taken_is_cut_and_says_so() -> None:
    left = io.BytesIO(b"x" * (MOST + 100_000))
    environ = with_body(sent(b"", **{"wsgi.input": left}))
    assert environ["CONTENT_LENGTH"] == str(MOST)
    assert left.tell() == MOST


@pytest.mark.parametrize(
    "environ",
    [
        sent(b"", CONTENT_LENGTH="0"),
        sent(b"", REQUEST_METHOD="GET"),
        sent(b"x", **{"wsgi.input_terminated": False}),
    ],
)
def test_nothing_else_is_waited_for(environ: dict[str, Any]) -> None:
    assert not has_body(environ)


@pytest.mark.parametrize("length", ["²", "٣", "-1", "+1", " 1", "1.0", "9" * 5000])
def test_a_length_is_ascii_digits(length: str) -> None:
    assert not has_body(sent(b"abc", CONTENT_LENGTH=length))


def test_what_is_too_large_is_not_read_and_says_so() -> None:
    left = io.BytesIO(b"x")
    request = WSGIRequest(
        with_body(sent(b"", CONTENT_LENGTH=str(MOST + 1), **{"wsgi.input": left}))
    )
    with pytest.raises(RequestDataTooBig):
        request.read()
    assert left.tell() == 0


def test_a_body_in_pieces_is_one() -> None:
    assert has_body(sent(b"x"))
    assert has_body(sent(b"x", CONTENT_LENGTH=""))


@pytest.mark.parametrize("kind", ["text/csv", "application/x-www-form-urlencoded"])
def test_half_a_body_is_none(kind: str) -> None:
    """A connection that broke leaves half a text, which nobody wrote."""
    request = WSGIRequest(with_body(sent(b"a=half", CONTENT_TYPE=kind, CONTENT_LENGTH="12")))
    with pytest.raises(BadRequest):
        _ = request.POST, request.read()


def test_a_body_of_its_length_is_read_by_any_way() -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nwhole\r\n--x--\r\n"
    kinds = {
        "multipart/form-data; boundary=x": body,
        "application/x-www-form-urlencoded": b"a=whole",
    }
    for kind, whole in kinds.items():
        environ = with_body(sent(whole, CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(whole))))
        assert WSGIRequest(environ).POST["a"] == "whole"
    assert WSGIRequest(with_body(sent(b"", CONTENT_LENGTH="0"))).body == b""
    lines = with_body(sent(b"a\nb\n", CONTENT_LENGTH="4"))
    assert list(WSGIRequest(lines)) == [b"a\n", b"b\n"]


@pytest.mark.parametrize(
    "parameter",
    [
        "charset=utf-16",
        "charset=base64",
        "charset=idna",
        "charset=latin-1; charset=base64",
        "charset*=utf-8''base64",
        "charset*=hex''utf-8",
        "x*=no-encoding''y",
        "x*=idna''%ff",
    ],
)
def test_the_address_is_utf_8_whatever_the_type_names(parameter: str) -> None:
    """Django's request is not even built with some of them, and nothing answers."""
    kind = f"Text/CSV; {parameter}"
    request = Request(sent(b"", CONTENT_TYPE=kind, QUERY_STRING="a=%c3%a9&b=%ff"))
    assert (request.content_type, request.GET["a"], request.encoding) == ("text/csv", "é", None)
    # As those do who take the type apart again.
    parse_header_parameters(request.META["CONTENT_TYPE"])
