"""The HTTP client against real servers that misbehave."""

import gzip
import itertools
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from atender.outbound.unreachable import Reason, Unreachable
from atender.outbound.web import USER_AGENT, WebClient, WebLimits
from atender.refusals import Refused
from tests.edge.serving import until
from tests.web_server import Answering, HangUp, Request, WebServer, reply

QUICK = WebLimits(connect_s=1, total_s=1, body_bytes=10_000)
# For what fails for another reason than its time, on a busy machine too.
SMALL = WebLimits(connect_s=60, total_s=60, body_bytes=10_000)


@pytest.fixture(autouse=True)
def private_targets(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


def refused(
    answering: Answering | bytes, limits: WebLimits = SMALL, path: str = "/"
) -> Unreachable:
    """Ask a server that answers like this, and return the failure that has to follow."""
    answer = answering if callable(answering) else lambda _: answering
    with WebServer(answer) as server, WebClient(limits) as client:
        started = time.monotonic()
        with pytest.raises(Unreachable) as failure:
            client.get(server.base + path)
        assert time.monotonic() - started < limits.total_s + 10
        return failure.value


def test_a_question_and_its_answer() -> None:
    with WebServer(lambda _: reply(b"made", 201, X_Mark="yes")) as server, WebClient() as client:
        answer = client.send(
            "POST", server.base + "/hook?a=1", headers={"X-Own": "mine"}, body=b'{"a": 1}'
        )
    assert (answer.status, answer.body, answer.headers["x-mark"]) == (201, b"made", "yes")
    assert answer.is_success
    assert 0 < answer.elapsed_s < 30
    (asked,) = server.requests
    assert (asked.method, asked.target, asked.body) == ("POST", "/hook?a=1", b'{"a": 1}')
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    assert asked.headers["x-own"] == "mine"
    assert asked.headers["user-agent"] == USER_AGENT


def test_one_connection_serves_many_questions() -> None:
    with WebServer(lambda _: reply(b"ok")) as server, WebClient() as client:
        for _ in range(5):
            assert client.get(server.base).body == b"ok"
    assert server.connections == 1


def test_a_connection_that_the_server_closed_is_opened_anew() -> None:
    def once(_: Request) -> Iterator[bytes]:
        yield reply(b"ok")
        raise HangUp

    with WebServer(once) as server, WebClient() as client:
        assert client.get(server.base).body == b"ok"
        until(lambda: server.ended == 1)
        assert client.get(server.base).body == b"ok"
    assert server.connections == 2


def test_a_failure_is_an_answer_too() -> None:
    with WebServer(lambda _: reply(b"no", 500)) as server, WebClient() as client:
        answer = client.get(server.base)
    assert (answer.status, answer.is_success) == (500, False)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    cookies = WebServer(lambda _: reply(Set_Cookie="a=b"))
    with cookies as server, WebClient() as client:
        client.get(server.base)
        client.get(server.base)
    assert all("cookie" not in request.headers for request in server.requests)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "status.acme.localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f.1",
        "127.1",
        "rebound.example",
    ],
)
def test_no_byte_reaches_a_private_target(settings: Settings, host: str) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    own = {"rebound.example": ["127.0.0.1"]}
    with WebServer(lambda _: reply(b"secret")) as server:
        client = WebClient(resolver=own.__getitem__) if host in own else WebClient()
        with client, pytest.raises((Unreachable, Refused), match="private network"):
            client.get(f"http://{host}:{server.port}/")
    assert server.connections == 0


def test_every_connection_is_checked_anew(settings: Settings) -> None:
    """A name that was harmless once is looked at again when the next connection is made."""
    with WebServer(lambda _: reply(b"ok", Connection="close")) as server, WebClient() as client:
        client.get(server.base)
        settings.PRIVATE_TARGETS_ALLOWED = False
        with pytest.raises((Unreachable, Refused), match="private network"):
            client.get(f"http://localhost:{server.port}/")
    assert server.connections == 1


def test_a_drip_ends_with_the_limit() -> None:
    def drip(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _n in range(100):
            yield b"x"
            time.sleep(0.05)

    failure = refused(drip, QUICK)
    assert failure.reason == Reason.TIMEOUT
    assert "within 1 seconds" in failure.sentence


def test_a_drip_of_headers_ends_with_the_limit() -> None:
    def drip(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        for n in range(100):
            yield f"X-{n}: y\r\n".encode()
            time.sleep(0.05)

    assert refused(drip, QUICK).reason == Reason.TIMEOUT


def test_a_server_that_says_nothing_ends_with_the_limit() -> None:
    def silence(_: Request) -> Iterator[bytes]:
        time.sleep(3)
        yield b""

    assert refused(silence, QUICK).reason == Reason.TIMEOUT


def test_the_limit_is_said_as_people_say_it() -> None:
    """What is left of a budget is no round number."""

    def silence(_: Request) -> Iterator[bytes]:
        time.sleep(3)
        yield b""

    failure = refused(silence, WebLimits(connect_s=1, total_s=0.5123))
    assert failure.sentence == "'127.0.0.1' did not answer within 0.5 seconds."


def gigabyte(_: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    for _n in range(1000):
        yield b"x" * 1_000_000


def test_a_gigabyte_is_left_where_it_is() -> None:
    failure = refused(gigabyte)
    assert failure.reason == Reason.TOO_LARGE
    assert "longer than 0.01 MB" in failure.sentence


def test_a_gigabyte_may_be_cut() -> None:
    limits = WebLimits(total_s=60, body_bytes=1000, cuts_body=True)
    with WebServer(gigabyte) as server, WebClient(limits) as client:
        answer = client.get(server.base)
        assert (answer.body, answer.is_cut) == (b"x" * 1000, True)


def test_a_small_answer_that_unpacks_to_much_is_left_too() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    failure = refused(reply(bomb, Content_Encoding="gzip"))
    assert failure.reason == Reason.TOO_LARGE


def test_a_packed_answer_is_unpacked() -> None:
    packed = reply(gzip.compress(b"words " * 100), Content_Encoding="gzip")
    with WebServer(lambda _: packed) as server, WebClient() as client:
        assert client.get(server.base).text == "words " * 100


@pytest.mark.parametrize(
    "answer",
    [
        b"\x16\x03\x01\x02\x00",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 200_000 + b"\r\n\r\n",
        reply(b"not packed at all", Content_Encoding="gzip"),
    ],
)
def test_nonsense_is_called_so(answer: bytes) -> None:
    def nonsense(_: Request) -> Iterator[bytes]:
        yield answer
        raise HangUp

    assert refused(nonsense).reason == Reason.PROTOCOL


def test_an_answer_that_breaks_off_is_none() -> None:
    def half(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
        raise HangUp

    assert refused(half).reason == Reason.PROTOCOL


def test_nobody_listens() -> None:
    with WebServer(lambda _: b"") as server:
        pass
    with WebClient(QUICK) as client, pytest.raises(Unreachable) as failure:
        client.get(server.base)
    assert failure.value.reason == Reason.CONNECTION
    assert "refuses the connection" in failure.value.sentence


def test_a_name_that_nobody_knows() -> None:
    with WebClient(QUICK) as client, pytest.raises(Unreachable) as failure:
        client.get("http://no-such-host.invalid/")
    assert failure.value.reason in (Reason.NAME, Reason.TIMEOUT)


@pytest.mark.parametrize(
    "headers",
    [{"x": "a\r\nx-evil: 1"}, {"x\r\ny": "a"}, {"x": "a\x00"}, {"": "a"}, {"x y": "a"}, {"x": "…"}],
)
def test_a_header_never_begins_another(headers: dict[str, str]) -> None:
    with (
        WebServer(lambda _: reply()) as server,
        WebClient() as client,
        pytest.raises(Refused, match="The header"),
    ):
        client.get(server.base, headers=headers)
    assert server.connections == 0


def to(place: str, status: int = 302) -> bytes:
    return reply(status=status, Location=place)


def test_a_redirect_is_an_answer_unless_it_is_to_be_followed() -> None:
    with WebServer(lambda _: to("/there")) as server, WebClient() as client:
        answer = client.get(server.base)
    assert (answer.status, server.paths) == (302, ["/"])


def test_a_redirect_is_followed_where_asked() -> None:
    def moved(request: Request) -> bytes:
        return reply(b"here") if request.target == "/there?x=1" else to("there?x=1")

    with WebServer(moved) as server, WebClient(WebLimits(redirects=1)) as client:
        answer = client.get(server.base + "/from")
    assert (answer.body, answer.url) == (b"here", server.base + "/there?x=1")


def test_redirects_without_end_end() -> None:
    count = itertools.count()
    failure = refused(lambda _: to(f"/{next(count)}"), WebLimits(redirects=3))
    assert failure.reason == Reason.REDIRECTS
    assert next(count) == 4


@pytest.mark.parametrize("place", ["file:///etc/passwd", "http://u:p@example.com/", "http://a:22/"])
def test_a_redirect_is_checked_like_any_address(place: str) -> None:
    failure = refused(to(place), WebLimits(redirects=3))
    assert failure.reason == Reason.REDIRECTS


def test_a_redirect_into_the_private_network_ends_there(settings: Settings) -> None:
    """The first server is let pass as if it were public; the second is found out by its address."""
    with WebServer(lambda _: reply(b"secret")) as inner:
        first = to(f"http://localhost:{inner.port}/")

        def then_closed(_: Request) -> bytes:
            settings.PRIVATE_TARGETS_ALLOWED = False
            return first

        failure = refused(then_closed, WebLimits(redirects=3))
        assert failure.reason == Reason.PRIVATE
        assert inner.connections == 0


def test_a_posted_body_goes_to_no_other_address() -> None:
    limits = WebLimits(redirects=3)
    with WebServer(lambda _: to("/there", 307)) as server, WebClient(limits) as client:
        assert client.send("POST", server.base, body=b"x").status == 307
    assert server.paths == ["/"]


def test_what_opens_one_server_is_not_shown_to_the_next() -> None:
    secret = {"Authorization": "Bearer x", "X-Plain": "y"}
    with WebServer(lambda _: reply(b"ok")) as other:
        place = f"{other.base}/"
        with WebServer(lambda _: to(place)) as server, WebClient(WebLimits(redirects=1)) as client:
            client.get(server.base, headers=secret)
    assert server.requests[0].headers["authorization"] == "Bearer x"
    (asked,) = other.requests
    assert "authorization" not in asked.headers
    assert asked.headers["x-plain"] == "y"
