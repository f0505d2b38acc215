"""The words that go over one SMTP connection and the replies that come back."""

import contextlib
import select
import smtplib
import socket
import ssl
from collections import deque
from functools import lru_cache
from time import monotonic
from typing import NamedTuple

# RFC 5321, 4.5.3.1.5 allows 512 octets a reply line; a server that talks on is cut off.
LONGEST_REPLY = 64_000
GOES_ON, CLOSING = 354, 421
QUITS_WITHIN_S = 2.0


class Reply(NamedTuple):
    code: int
    text: str

    @property
    def is_good(self) -> bool:
        return 200 <= self.code < 300


class SmtpWire:
    """Said at once, heard within `wait_until`; after an error it is of no use any more."""

    def __init__(self, smtp: smtplib.SMTP, *, timeout_s: float) -> None:
        assert smtp.sock is not None
        self._smtp = smtp
        self._socket: socket.socket = smtp.sock
        self._timeout_s = timeout_s
        self._ends_at = 0.0
        self._lines: deque[bytes] = deque()
        self._rest = b""

    @property
    def has_heard(self) -> bool:
        """Whether a line waits to be read as a reply."""
        return bool(self._lines)

    def has_news(self, *, within_s: float) -> bool:
        if self._lines or self._rest:
            return True
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
            return True
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(within_s * 1000))

    def give_time(self, most_s: float | None = None) -> None:
        """Let what is heard next take as long as the connection's limit, or less."""
        limit_s = self._timeout_s if most_s is None else min(most_s, self._timeout_s)
        self._ends_at = monotonic() + limit_s

    def say(self, words: bytes) -> None:
        self._socket.settimeout(self._timeout_s)
        self._socket.sendall(words)

    def hear(self) -> Reply:
        """Read one reply; raises SMTPServerDisconnected, for 421 too, and TimeoutError."""
        line = self._line()
        reply = _understood(line)
        while line[3:4] == b"-":
            line = self._line()
            last = _understood(line)
            reply = Reply(last.code, f"{reply.text} {last.text}")
        if reply.code == CLOSING:
            raise smtplib.SMTPServerDisconnected(f"{reply.code} {reply.text}")
        return reply

    def close(self, *, politely: bool) -> None:
        if politely:
            with contextlib.suppress(OSError):
                self._socket.settimeout(QUITS_WITHIN_S)
                self._socket.sendall(b"QUIT\r\n")
        self._smtp.close()

    def _line(self) -> bytes:
        while not self._lines:
            left_s = self._ends_at - monotonic()
            if left_s <= 0:
                raise TimeoutError("The mail server did not answer in time.")
            self._socket.settimeout(left_s)
            more = self._socket.recv(65_536)
            if not more or len(self._rest) > LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("The mail server hung up.")
            *lines, self._rest = (self._rest + more).split(b"\n")
            self._lines.extend(lines)
        return self._lines.popleft()


# To senders and recipients a server says the same again and again.
@lru_cache(maxsize=64)
def _understood(line: bytes) -> Reply:
    if not line[:3].isdigit():
        raise smtplib.SMTPServerDisconnected(f"It answered {line[:60]!r}, which is no reply.")
    return Reply(int(line[:3]), line[4:].decode("utf-8", "replace").strip())
