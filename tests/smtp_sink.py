"""A mail server that keeps what it takes, and misbehaves on command.

    with SmtpSink() as sink:
        sink.answer("RCPT", "550 5.1.1 no such user", to="gone@example.com")
        sink.answer("DATA", STALL, times=1)
    sink.answer("DATA", TAKE_AND_WAIT, times=1)  # until sink.goes_on.set()

Replies are given in the order in which they were ordered; without an order it takes everything.
"""

import asyncio
import email
import email.policy
import fcntl
import logging
import socket
import struct
import sys
import termios
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, AnyStr, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)

# Never answers; agrees when the test lets it; takes the mail and never says so; takes it and says
# so when the test lets it; hangs up without an answer, or so that who speaks on hears of it at
# once; takes the mail, says so and hangs up.
STALL = "(stall)"
WAIT = "(wait)"
TAKE_AND_STALL = "(take and stall)"
TAKE_AND_WAIT = "(take and wait)"
HANG_UP = "(hang up)"
RESET = "(reset)"
TAKE_AND_HANG_UP = "(take and hang up)"


@dataclass(frozen=True)
class Taken:
    """A mail as it came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def to(self) -> str:
        return self.recipients[0]

    @property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def raw_headers(self) -> dict[str, str]:
        """Header lines as they were sent, unfolded and not decoded."""
        head = self.content.partition(b"\r\n\r\n")[0].decode("ascii")
        lines = head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n")
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def part(self, subtype: str) -> str:
        body = self.message.get_body((subtype,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Order:
    command: str
    reply: str
    to: str
    times: int


@dataclass
class SmtpSink:
    """Listens on a free port of 127.0.0.1; `taken` grows as mails come in."""

    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    orders: list[Order] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    pipelines: bool = True
    takes_chunks: bool = False
    takes_eight_bits: bool = True
    most_connections: int = 1000
    too_many: list[Session] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; on the same port as before after a stop."""
        self._controller = _Controller(_Handler(self), hostname="127.0.0.1", port=self.port)
        self._controller.ready_timeout = 60
        if not self.port:
            # The controller knocks at the port that it was given, which must be a real one.
            self._controller.port = self.port = free_port()
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def answer(self, command: str, reply: str, *, to: str = "", times: int = 1_000_000) -> None:
        """Answer MAIL, RCPT or DATA so, so many times: for all, or one recipient (MAIL: sender)."""
        self.orders.append(Order(command, reply, to, times))

    def behave(self) -> None:
        self.orders.clear()

    def to(self, address: str) -> list[Taken]:
        return [mail for mail in self.taken if mail.to == address]

    def wait_for(self, count: int, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while len(self.taken) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.taken) >= count, f"{len(self.taken)} mails came, {count} were expected"

    def _ordered(self, command: str, to: str) -> str | None:
        for order in self.orders:
            if order.command == command and order.times and order.to in ("", to):
                order.times -= 1
                return order.reply
        return None


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


class _Server(SMTP):
    """What aiosmtpd does, and chunks. RFC 3030; a chunk is read whatever becomes of it."""

    hangs_up = False

    async def push(self, status: AnyStr) -> None:
        await super().push(status)
        if self.hangs_up:
            _wire(self).write_eof()
            # Until they hang up too. The kernel answers what nobody reads with a reset, on which
            # they lose what was said to them before.
            await self._reader.read()
            _wire(self).close()

    async def smtp_BDAT(self, arg: str) -> None:  # noqa: N802
        content = await self._reader.readexactly(int(arg.split()[0]))
        envelope = self.envelope
        assert envelope is not None
        if not envelope.rcpt_tos:
            await self.push("503 5.5.1 no valid recipients")
            return
        envelope.content = content
        reply = await self.event_handler.handle_DATA(self, self.session, envelope)
        self._set_post_data_state()
        await self.push(reply)
        if _wire(self).is_closing():
            # What came behind it is read by nobody.
            await self._reader.read()


class _Handler:
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: Any
    ) -> Any:
        self.sink.connections += 1
        if self.sink.connections > self.sink.most_connections:
            self.sink.too_many.append(session)
        session.host_name = hostname
        offered = [a for a in answers if self.sink.takes_eight_bits or "8BITMIME" not in a]
        more = ["250-PIPELINING"] * self.sink.pipelines + ["250-CHUNKING"] * self.sink.takes_chunks
        return [*offered[:1], *more, *offered[1:]]

    async def handle_MAIL(  # noqa: N802
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if session in self.sink.too_many:
            server.hangs_up = True
            return "421 4.7.0 too many connections"
        reply = await self._reply(server, "MAIL", address)
        if reply.startswith("2"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        reply = await self._reply(server, "RCPT", address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802
        self, server: _Server, session: Session, envelope: Envelope
    ) -> str:
        reply = await self._reply(server, "DATA", envelope.rcpt_tos[0])
        if reply.startswith("2") or reply in (TAKE_AND_STALL, TAKE_AND_WAIT):
            content = envelope.content
            assert isinstance(content, bytes)
            self.sink.taken.append(
                Taken(envelope.mail_from or "", list(envelope.rcpt_tos), content)
            )
        if reply == TAKE_AND_STALL:
            await self._stall()
        if reply == TAKE_AND_WAIT:
            await self._wait()
            return "250 taken"
        return reply

    async def _wait(self) -> None:
        self.sink.stalled.set()
        while not self.sink.goes_on.is_set():
            await asyncio.sleep(0.01)

    async def _stall(self) -> None:
        self.sink.stalled.set()
        await asyncio.sleep(600)

    async def _hang_up(self, server: _Server, *, resets: bool) -> None:
        wire = _wire(server).get_extra_info("socket")
        # Until all that was said has arrived; what has not is lost on the way, now and then.
        while _octets_on_the_way(wire):
            await asyncio.sleep(0.01)
        if resets:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _wire(server).abort()
        # The abortion is carried out by the loop in its next round, and this after it.
        asyncio.get_running_loop().call_soon(self.sink.hung_up.set)

    async def _reply(self, server: _Server, command: str, to: str) -> str:
        ordered = self.sink._ordered(command, to)
        if ordered == STALL:
            await self._stall()
        if ordered == WAIT:
            await self._wait()
            return "250 taken"
        if ordered in (HANG_UP, RESET):
            await self._hang_up(server, resets=ordered == RESET)
            return "421 hung up"
        if ordered == TAKE_AND_HANG_UP:
            server.hangs_up = True
            return "250 taken"
        server.hangs_up = bool(ordered and ordered.startswith("421"))
        return ordered or "250 taken"


def _wire(server: SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


def _octets_on_the_way(wire: socket.socket) -> int:
    return int.from_bytes(fcntl.ioctl(wire.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
