"""Senders that fall silent or dribble in the middle of a body, on real sockets."""

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count

from atender.incoming import PATIENCE_S
from tests.edge.serving import ACME, CONSOLE, Web

# Of each kind; together more than there are places inside, and fewer than may send at once.
A_HANDFUL = 6
LENGTHS = {"said": b"Content-Length: 100", "in pieces": b"Transfer-Encoding: chunked"}
# Together more than there is patience for, but not each 64 KiB of them.
SLOW_PIECES, SLOW_PIECE = 9, 12_000
BEGUN = {"said": b"abc", "in pieces": b"5\r\nabcde\r\n"}


def begin(web: Web, host: str, kind: str) -> socket.socket:
    """Send the beginning of a form and nothing more."""
    head = (
        b"POST /admin/login/ HTTP/1.1\r\nHost: %b\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n%b\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", web.port), timeout=2 * PATIENCE_S)
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
            assert answer.seconds < PATIENCE_S / 2
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


def test_a_dribbler_is_ended_and_a_slow_sender_at_the_same_address_is_not(web: Web) -> None:
    """Each piece is waited for by itself; the server comes back once with all of it."""
    with stalled(web, *LENGTHS) as dribblers, stalled(web, "in pieces") as (slow,):
        until = time.monotonic() + 3 * PATIENCE_S
        for turn in count():
            time.sleep(PATIENCE_S / 8)
            if turn < SLOW_PIECES:
                slow.sendall(b"%x\r\n%b\r\n" % (SLOW_PIECE, b"a" * SLOW_PIECE))
            elif turn == SLOW_PIECES:
                slow.sendall(b"0\r\n\r\n")
            going = [one for one in dribblers if dribble_on(one)]
            if turn >= SLOW_PIECES and not going:
                break
            assert time.monotonic() < until
        for dribbler in dribblers:
            assert dribbler.recv(65536).startswith(b"HTTP/1.1 408 ")
        assert slow.recv(65536).startswith(b"HTTP/1.1 403 ")


def dribble_on(connection: socket.socket) -> bool:
    """Send very little, unless there is an answer."""
    if select.select([connection], [], [], 0)[0]:
        return False
    # A byte of the one kind, and nothing that matters of the other: a chunk's size has zeros.
    connection.sendall(b"0")
    return True


def test_many_requests_on_one_connection_are_the_proxys(web: Web) -> None:
    """HTTP/2 is not begun with: of its requests no single one could be ended."""
    settings = b"\0\0\0\4\0\0\0\0\0"
    assert not web.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings).startswith(b"\0\0")
