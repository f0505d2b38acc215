"""Many mails over one SMTP connection, at one round trip each where the server pipelines.

With PIPELINING (RFC 2920) a mail's text and the next mail's MAIL, RCPT and DATA go out together.
The next one's text waits for its own 354, so that one mail at most is in doubt when a connection
breaks. Servers without it are spoken to step by step.
"""

import contextlib
import select
import smtplib
import socket
import ssl
from enum import Enum
from time import monotonic
from typing import NamedTuple

# RFC 5321, 4.5.3.1.5 allows 512 octets a reply line; a server that talks on is cut off.
LONGEST_REPLY = 64_000
GOES_ON, CLOSING = 354, 421
QUITS_WITHIN_S = 2.0
DRAINS_WITHIN_S = 5.0


class Parcel(NamedTuple):
    """A mail with its envelope: ASCII addresses, content with CRLF, `key` for who sends it."""

    key: int
    sender: str
    to: str
    content: bytes


class Stage(Enum):
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"


class Answer(NamedTuple):
    """What the server said in the end of a parcel, and of what it spoke."""

    parcel: Parcel
    stage: Stage
    code: int
    text: str


class Reply(NamedTuple):
    code: int
    text: str

    @property
    def is_good(self) -> bool:
        return 200 <= self.code < 300


class SmtpLine:
    """One connection. `advance` moves it by a mail; `answers` are those not fetched yet.

    When `advance` raises OSError or SMTPException the connection is of no use any more: `in_doubt`
    may have been taken or not, `untried` was surely not.
    """

    def __init__(self, smtp: smtplib.SMTP, *, timeout_s: float) -> None:
        smtp.ehlo_or_helo_if_needed()
        assert smtp.sock is not None
        self.in_doubt: Parcel | None = None
        self.untried: Parcel | None = None
        self.has_answered = False
        self.takes_eight_bits = smtp.has_extn("8bitmime")
        self._pipelines = smtp.has_extn("pipelining")
        self._smtp = smtp
        self._wire: socket.socket = smtp.sock
        self._timeout_s = timeout_s
        self._ends_at = 0.0
        self._heard = bytearray()
        self._answers: list[Answer] = []
        # How many replies are to come to commands that only tidy up.
        self._tidying = 0

    @property
    def is_idle(self) -> bool:
        return self.in_doubt is None and self.untried is None

    def answers(self) -> list[Answer]:
        fetched, self._answers = self._answers, []
        return fetched

    def has_news(self, *, within_s: float) -> bool:
        """Whether `advance` has something to read, or nothing to wait for."""
        if self.is_idle or self._heard or not (self._pipelines or self.in_doubt):
            return True
        if isinstance(self._wire, ssl.SSLSocket) and self._wire.pending():
            return True
        waiting = select.poll()
        waiting.register(self._wire, select.POLLIN)
        return bool(waiting.poll(within_s * 1000))

    def advance(self, following: Parcel | None) -> None:
        """Hear what came of the mail that is out, send the announced one, announce the next."""
        self._ends_at = monotonic() + self._timeout_s
        self._hear_of_content()
        words = self._hear_of_envelope()
        if following is not None:
            self.untried = following
            words += b"".join(_envelope(following, self.takes_eight_bits)) * self._pipelines
        if words:
            self._say(words)

    def drain(self) -> None:
        """Hear of the mail that is out and send nothing more."""
        self._ends_at = monotonic() + min(self._timeout_s, DRAINS_WITHIN_S)
        self._hear_of_content()

    def close(self) -> None:
        """Leave politely where nothing is under way, else at once."""
        if self.is_idle and not self._tidying:
            with contextlib.suppress(OSError):
                self._wire.settimeout(QUITS_WITHIN_S)
                self._wire.sendall(b"QUIT\r\n")
        self._smtp.close()

    def _hear_of_content(self) -> None:
        if self.in_doubt is None:
            return
        reply = self._reply()
        _stop_where_closing(reply)
        self._answer(self.in_doubt, Stage.CONTENT, reply)
        self.in_doubt = None

    def _hear_of_envelope(self) -> bytes:
        """Return what is to be said next: the announced mail's text, or what tidies up."""
        for _ in range(self._tidying):
            _stop_where_closing(self._reply())
        self._tidying = 0
        parcel = self.untried
        if parcel is None:
            return b""
        replies = self._replies(parcel)
        for stage, reply in zip(Stage, replies, strict=False):
            if not (reply.is_good or reply.code == GOES_ON):
                self.untried = None
                self._answer(parcel, stage, reply)
                return self._end(replies)
        self.untried, self.in_doubt = None, parcel
        return _stuffed(parcel.content)

    def _answer(self, parcel: Parcel, stage: Stage, reply: Reply) -> None:
        self._answers.append(Answer(parcel, stage, *reply))
        self.has_answered = True

    def _replies(self, parcel: Parcel) -> list[Reply]:
        replies = []
        for command in _envelope(parcel, self.takes_eight_bits):
            if not self._pipelines:
                self._say(command)
            replies.append(reply := self._reply())
            _stop_where_closing(reply)
            if not (self._pipelines or reply.is_good):
                break
        return replies

    def _end(self, replies: list[Reply]) -> bytes:
        """Tidy up after a no. A server that wants the text all the same gets an empty one."""
        wants_text = replies[-1].code == GOES_ON
        self._tidying = 1 + wants_text
        return b".\r\n" * wants_text + b"RSET\r\n"

    def _say(self, words: bytes) -> None:
        self._wire.settimeout(self._timeout_s)
        self._wire.sendall(words)

    def _reply(self) -> Reply:
        """Read one reply; raises SMTPServerDisconnected, TimeoutError."""
        lines = []
        while True:
            line = self._line()
            lines.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] != b"-":
                break
        if not line[:3].isdigit():
            raise smtplib.SMTPServerDisconnected(f"It answered {line[:60]!r}, which is no reply.")
        return Reply(int(line[:3]), " ".join(lines))

    def _line(self) -> bytes:
        while (end := self._heard.find(b"\n")) < 0:
            left_s = self._ends_at - monotonic()
            if left_s <= 0:
                raise TimeoutError("The mail server did not answer in time.")
            self._wire.settimeout(left_s)
            more = self._wire.recv(65_536)
            if not more or len(self._heard) > LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("The mail server hung up.")
            self._heard += more
        line = bytes(self._heard[:end])
        del self._heard[: end + 1]
        return line


def _envelope(parcel: Parcel, takes_eight_bits: bool) -> tuple[bytes, bytes, bytes]:
    body = " BODY=8BITMIME" if takes_eight_bits else ""
    mail = f"MAIL FROM:<{parcel.sender}>{body}\r\n".encode("ascii")
    return mail, f"RCPT TO:<{parcel.to}>\r\n".encode("ascii"), b"DATA\r\n"


def _stuffed(content: bytes) -> bytes:
    """End the text, and double the dot of lines that begin with one. RFC 5321, 4.5.2."""
    if content.startswith(b"."):
        content = b"." + content
    ending = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    return content.replace(b"\r\n.", b"\r\n..") + ending


def _stop_where_closing(reply: Reply) -> None:
    if reply.code == CLOSING:
        raise smtplib.SMTPServerDisconnected(f"{reply.code} {reply.text}")
