"""Finished answers: what is sent to whom, byte by byte."""

import gzip
import time
from typing import Any

import brotli
import pytest

from statuspage.edge.documents import Document, Facts, Made, best_coding, finish, matches

BODY = b"<p>All is well.</p>\n" * 100


def make(body: bytes = BODY, **changes: Any) -> Document:
    now = time.time()
    kept: dict[str, Any] = {
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-cache")),
        "generation": 7,
        "made_at": now,
        "fresh_until": now + 60,
    }
    return finish(Made(**{**kept, **changes}), body)


def ask(
    document: Document, method: str = "GET", **headers: str
) -> tuple[str, dict[str, str], bytes]:
    said: dict[str, Any] = {}

    def start_response(status: str, pairs: list[tuple[str, str]]) -> None:
        said.update(status=status, headers=dict(pairs))
        assert len(pairs) == len({name.lower() for name, _ in pairs}), "a header is said twice"

    body = b"".join(document.answer({"REQUEST_METHOD": method, **headers}, start_response))
    return said["status"], said["headers"], body


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, gzip", "gzip"),
        ("BR", "br"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("identity", ""),
        ("identity;q=0.5, br;q=0.1", ""),
        ("br;q=0,gzip;q=0,*;q=1", ""),
        ("br;q=junk", ""),
        ("br;q=7", ""),
        ("br;q=nan", ""),
        (";;;,,,=q;br", ""),
        ("br" + ", x" * 1000, ""),
    ],
)
def test_the_coding_is_one_that_the_client_takes(accepted: str, coding: str) -> None:
    assert best_coding(accepted) == coding


def test_every_coding_holds_the_same_and_says_its_length() -> None:
    document = make()
    decode = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}
    for coding, read in decode.items():
        status, headers, body = ask(document, HTTP_ACCEPT_ENCODING=coding)
        assert status == "200 OK"
        assert headers["Content-Length"] == str(len(body))
        assert headers.get("Content-Encoding", "") == coding
        assert headers["Vary"] == "Accept-Encoding"
        assert read(body) == BODY


def test_a_head_is_a_get_without_the_body() -> None:
    document = make()
    assert ask(document, "HEAD", HTTP_ACCEPT_ENCODING="br") == (
        *ask(document, "GET", HTTP_ACCEPT_ENCODING="br")[:2],
        b"",
    )


def test_who_has_it_is_told_so_with_the_headers_that_matter() -> None:
    document = make()
    status, headers, body = ask(document, HTTP_IF_NONE_MATCH=document.etag)

    assert (status, body) == ("304 Not Modified", b"")
    assert headers == {
        "ETag": document.etag,
        "Vary": "Accept-Encoding",
        "Cache-Control": "no-cache",
    }


@pytest.mark.parametrize(
    ("known", "is_known"),
    [
        ('W/"abc"', True),
        ('"abc"', True),
        ('"x", W/"abc" , "y"', True),
        ("*", True),
        ('"abcd"', False),
        ("abc", False),
        ("", False),
        ('W/"', False),
    ],
)
def test_tags_are_compared_weakly(known: str, is_known: bool) -> None:
    assert matches(known, 'W/"abc"') is is_known


def test_the_moment_of_looking_is_no_news_and_all_else_is() -> None:
    def page(stamp: str, text: str = "All is well.") -> str:
        return make(f'<h1>{text}</h1><p id="as-of" class="quiet">{stamp}</p>'.encode()).etag

    assert page("14:02") == page("14:03")
    assert page("14:02") != page("14:02", "Nothing works.")


def test_what_is_small_or_compressed_already_is_sent_as_it_is() -> None:
    assert set(make(b"ok").bodies) == {""}
    assert set(make(BODY, headers=(("Content-Type", "image/png"),)).bodies) == {""}
    assert "br" in make(BODY, headers=(("Content-Type", "image/svg+xml"),)).bodies


def test_the_language_is_named_only_where_there_is_a_choice() -> None:
    def vary(*languages: str) -> str:
        return ask(make(language=languages[0], facts=Facts(languages)))[1]["Vary"]

    assert vary("en") == "Accept-Encoding"
    assert vary("en", "de") == "Accept-Encoding, Accept-Language"


def test_a_missing_page_is_never_called_unchanged() -> None:
    document = make(status=404)

    assert ask(document, HTTP_IF_NONE_MATCH="*")[0] == "404 Not Found"


def test_it_is_renewed_before_it_is_old_and_old_when_its_time_is_over() -> None:
    assert make().is_fresh
    assert make().renew_at - time.monotonic() == pytest.approx(45, abs=1)
    assert not make(fresh_until=time.time() - 1).is_fresh


def test_a_clock_set_back_makes_nothing_fresh_for_ever() -> None:
    ahead = make(made_at=time.time() + 3600, fresh_until=time.time() + 3660)

    assert not ahead.is_fresh
    assert ahead.renew_at - time.monotonic() <= 60
