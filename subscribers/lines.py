"""A turn's connections to the mail server: opened when needed, and anew after it hung up."""

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Protocol

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from atender.outbound.mail import Sender, open_sender
from atender.outbound.smtp_lines import Parcel, SmtpLine
from subscribers.moulds import Poured
from subscribers.outcomes import (
    MAIL_ERRORS,
    TAKEN,
    Outcome,
    Result,
    outcome_of,
    outcome_of_answer,
)

log = logging.getLogger(__name__)

# A server takes its time over each mail, most of it at its disk; several lines share that.
LINES = 4
# So few mails are not worth a second connection.
FEW = 25
TIMEOUT_S = 20.0
LONG_WAIT_S = 0.1
# A server that took longer than this before it hung up was stalling; it gets no second try now.
HANG_UP_S = 5.0

# Given a parcel's key, the sender's address and whether eight bits pass; raises ValueError.
Make = Callable[[int, str, bool], Parcel]
Told = tuple[int, Outcome]


class Standstill(Exception):
    """Nothing of this notice can go out at present; the message says why."""


class ChannelBroken(Standstill):
    """The mail server as a whole takes nothing; the message is its own words."""


class Line(Protocol):
    """One connection; see SmtpLine for what its members promise."""

    in_doubt: Parcel | None
    untried: Parcel | None
    has_answered: bool
    takes_eight_bits: bool

    @property
    def is_idle(self) -> bool: ...
    def has_news(self, *, within_s: float) -> bool: ...
    def advance(self, following: Parcel | None) -> None: ...
    def drain(self) -> None: ...
    def outcomes(self) -> list[Told]: ...
    def close(self) -> None: ...


class ByProtocol(SmtpLine):
    """A connection to an SMTP server."""

    def outcomes(self) -> list[Told]:
        return [(answer.parcel.key, outcome_of_answer(answer)) for answer in self.answers()]


class ByBackend:
    """Whatever else Django sends mails through, one after the other."""

    takes_eight_bits = True
    untried: Parcel | None = None

    def __init__(self, connection: BaseEmailBackend) -> None:
        self.in_doubt: Parcel | None = None
        self.has_answered = False
        self._connection = connection
        self._outcomes: list[Told] = []

    @property
    def is_idle(self) -> bool:
        return True

    def has_news(self, *, within_s: float) -> bool:
        return True

    def advance(self, following: Parcel | None) -> None:
        if following is None:
            return
        self.in_doubt = following
        mail = Poured(following.content, sender=following.sender, to=following.to)
        try:
            self._connection.send_messages([mail])
            outcome = TAKEN
        except MAIL_ERRORS as error:
            outcome = outcome_of(error)
            if outcome.result == Result.BROKEN:
                raise
        self.in_doubt, self.has_answered = None, True
        self._outcomes.append((following.key, outcome))

    def drain(self) -> None:
        pass

    def outcomes(self) -> list[Told]:
        fetched, self._outcomes = self._outcomes, []
        return fetched

    def close(self) -> None:
        with contextlib.suppress(*MAIL_ERRORS):
            self._connection.close()


class Post:
    """The lines of one turn, used for batch after batch."""

    def __init__(self) -> None:
        self._sender: Sender | None = None
        self._lines: list[Line] = []
        self._most_lines = LINES
        self._waiting: deque[int] = deque()
        self._doubted: set[int] = set()

    def close(self) -> None:
        while self._lines:
            self._lines.pop().close()

    def carry(
        self, keys: Iterable[int], make: Make, may_go_on: Callable[[], bool]
    ) -> Iterator[Told | None]:
        """Send what `make` makes of each key and yield what became of it, in the server's order.

        Yields None before a long wait, so that what was said so far can be written down.
        Keys of which nothing is said were not tried. Raises Standstill, after it yielded all.
        """
        self._waiting, self._doubted = deque(keys), set()
        self._open_lines()
        try:
            while self._waiting or not all(line.is_idle for line in self._lines):
                if not may_go_on():
                    break
                for line in tuple(self._lines):
                    if not line.has_news(within_s=LONG_WAIT_S):
                        yield None
                    yield from self._advance(line, make)
        except Standstill:
            yield from self._stop()
            raise
        if not all(line.is_idle for line in self._lines):
            yield from self._stop()

    def _advance(self, line: Line, make: Make) -> Iterator[Told]:
        started_at = time.monotonic()
        following = yield from self._next(line, make)
        if following is None and line.is_idle:
            return
        try:
            line.advance(following)
        except MAIL_ERRORS as error:
            if following is not None and following not in (line.untried, line.in_doubt):
                self._waiting.appendleft(following.key)
            yield from line.outcomes()
            yield from self._lose(line, error, was_quick=time.monotonic() - started_at < HANG_UP_S)
            return
        for key, outcome in line.outcomes():
            yield key, outcome
            if outcome.result == Result.BROKEN:
                raise ChannelBroken(outcome.answer)

    def _next(self, line: Line, make: Make) -> Generator[Told, None, Parcel | None]:
        """Return the next parcel that can be made; those that cannot are refused."""
        while self._waiting:
            key = self._waiting.popleft()
            assert self._sender is not None
            try:
                return make(key, self._sender.from_address, line.takes_eight_bits)
            except ValueError as error:
                yield key, outcome_of(error)
        return None

    def _lose(self, line: Line, error: Exception, *, was_quick: bool) -> Iterator[Told]:
        """Go on without a line, or on a new one.

        A server may hang up on a connection that has worked (after so many mails, say): the mail
        that was out then goes once more. Otherwise it is the mail, or the server, that is ill.
        """
        self._lines.remove(line)
        line.close()
        if line.untried:
            self._waiting.appendleft(line.untried.key)
        may_try_again = line.has_answered and was_quick
        if line.in_doubt:
            key = line.in_doubt.key
            if may_try_again and key not in self._doubted:
                self._doubted.add(key)
                self._waiting.appendleft(key)
            else:
                yield key, outcome_of(error)
        if not self._lines:
            if not may_try_again:
                raise ChannelBroken(outcome_of(error).answer) from error
            self._open_lines()

    def _stop(self) -> Iterator[Told]:
        """Hear of what is out and hang up; announced mails were not tried."""
        while self._lines:
            line = self._lines.pop()
            try:
                line.drain()
            except MAIL_ERRORS as error:
                if line.in_doubt:
                    yield line.in_doubt.key, outcome_of(error)
            yield from line.outcomes()
            line.close()

    def _open_lines(self) -> None:
        """Raises ChannelBroken where not one can be opened."""
        if not self._lines:
            try:
                self._sender = open_sender()
                self._lines.append(_line_over(self._sender.connection))
            except MAIL_ERRORS as error:
                raise ChannelBroken(outcome_of(error).answer) from error
        assert self._sender is not None
        wanted = self._most_lines if len(self._waiting) > FEW else 1
        while len(self._lines) < wanted and isinstance(self._lines[0], ByProtocol):
            try:
                self._lines.append(_line_over(self._sender.make()))
            except MAIL_ERRORS as error:
                log.info("the mail server takes %d connections: %s", len(self._lines), error)
                self._most_lines = len(self._lines)


def _line_over(connection: BaseEmailBackend) -> Line:
    connection.open()
    if not isinstance(connection, SmtpBackend) or connection.connection is None:
        return ByBackend(connection)
    smtp = connection.connection
    try:
        return ByProtocol(smtp, timeout_s=connection.timeout or TIMEOUT_S)
    except MAIL_ERRORS:
        smtp.close()
        raise
