"""Senders that fall silent in the middle of a body, on real sockets."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from atender.incoming import SILENT_S
from tests.edge.serving import ACME, CONSOLE, Web

# Of each kind; together more than there are places inside, and fewer than may send at once.
A_HANDFUL = 6
LENGTHS = {"said": b"Content-Length: 100", "in pieces": b"Transfer-Encoding: chunked"}
BEGUN = {"said": b"abc", "in pieces": b"5\r\nabcde\r\n"}


def begin(web: Web, host: str, kind: str) -> socket.socket:
    """Send the beginning of a form and nothing more."""
    head = (
        b"POST /admin/login/ HTTP/1.1\r\nHost: %b\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n%b\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", web.port), timeout=2 * SILENT_S)
    connection.sendall(head % (host.encode(), LENGTHS[kind]) + BEGUN[kind])
    return connection


@contextmanager
def stalled(web: Web, *kinds: str) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(begin(web, CONSOLE, kind)) for kind in kinds]


def test_a_handful_of_stalled_senders_hold_up_nobody_and_are_ended(web: Web) -> None:
    with stalled(web, *[*LENGTHS] * A_HANDFUL) as senders:
        time.sleep(0.5)
        for method, path, host in [
            ("GET", "/admin/login/", CONSOLE),
            ("POST", "/admin/login/", CONSOLE),
            ("GET", "/", ACME),
        ]:
            answer = web.ask(method, path, host=host, body=b"a=b" if method == "POST" else None)
            assert answer.status in (200, 403)
            assert answer.seconds < SILENT_S / 4
        for sender in senders:
            assert sender.recv(65536).startswith(b"HTTP/1.1 408 ")
            while sender.recv(65536):
                pass


def test_who_pauses_for_a_moment_is_taken(web: Web) -> None:
    with stalled(web, "said") as (sender,):
        time.sleep(2)
        sender.sendall(b"x" * 97)
        # Without a token of the form, which is as good an answer as any.
        assert sender.recv(65536).startswith(b"HTTP/1.1 403 ")


def test_a_slow_body_in_pieces_that_keeps_coming_is_taken(web: Web) -> None:
    """The server comes back once with all of it, long after it was asked."""
    with stalled(web, "in pieces") as (sender,):
        for _ in range(9):
            time.sleep(SILENT_S / 8)
            sender.sendall(b"1\r\na\r\n")
        sender.sendall(b"0\r\n\r\n")
        assert sender.recv(65536).startswith(b"HTTP/1.1 403 ")
