"""A turn's connections to the mail server: opened when needed, and anew after it hung up.

Where the tenant's own channel fails, the platform's goes on with what is left, if it may.
"""

import contextlib
import logging
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from atender.outbound.mail import Sender, open_sender, stand_in
from atender.outbound.smtp_parcels import Parcel
from atender.outbound.troubles import note_well
from subscribers.deliveries.outcomes import MAIL_ERRORS, Outcome, Result, outcome_of
from subscribers.mailing.connections import ByProtocol, InChunks, Line, Told, line_over
from subscribers.mailing.provider_calls import CallFailed, Calls, Personal

log = logging.getLogger(__name__)

# A server takes its time over each mail, most of it at its disk; several lines share that.
LINES = 4
# So few mails are not worth a second connection.
FEW = 25
LONG_WAIT_S = 0.1
# A server that took longer than this before it hung up was stalling; it gets no second try now.
HANG_UP_S = 5.0


class Maker(Protocol):
    """Makes the mail of a key from a sender's address; raises ValueError where it cannot be."""

    def parcel(self, key: int, from_address: str, takes_eight_bits: bool) -> Parcel: ...
    def personal(self, key: int, from_address: str) -> Personal: ...


class Standstill(Exception):
    """None of this notice can be sent at present; the message says why."""


class ChannelBroken(Standstill):
    """The mail server as a whole takes nothing; the message is its own words."""


class Post:
    """The connections of one turn, reused batch after batch."""

    def __init__(self) -> None:
        self._sender: Sender | None = None
        self._calls: Calls | None = None
        self._lines: list[Line] = []
        self._most_lines = LINES
        self._waiting: deque[int] = deque()
        self._doubted: set[int] = set()

    def close(self) -> None:
        while self._lines:
            self._lines.pop().close()
        if self._calls and self._sender:
            self._sender.connection.close()
        self._calls = None

    def carry(
        self, keys: Iterable[int], make: Maker, may_go_on: Callable[[], bool]
    ) -> Iterator[Told | None]:
        """Send the mail that `make` makes of each key; yield the outcomes in the server's order.

        Yields None before a long wait, so that the outcomes so far can be recorded. Keys without
        an outcome were not tried. Raises Standstill, after yielding everything.
        """
        self._waiting, self._doubted = deque(keys), set()
        self._open_lines()
        try:
            yield from self._carry_on(make, may_go_on)
        except ChannelBroken as trouble:
            if not self._stands_in(str(trouble)):
                raise
            yield from self._carry_on(make, may_go_on)

    def _stands_in(self, words: str) -> bool:
        """Switch from a tenant's broken channel to the platform's, if that is allowed."""
        assert self._sender is not None
        if self._sender.channel is None:
            return False
        self.close()
        try:
            sender = stand_in(self._sender.channel, words)
        except MAIL_ERRORS as error:
            raise ChannelBroken(outcome_of(error).answer) from error
        if sender is None:
            return False
        self._sender, self._most_lines = sender, LINES
        self._lines.append(line_over(sender.connection))
        self._open_lines()
        return True

    @property
    def _may_be_stood_in_for(self) -> bool:
        return bool(self._sender and self._sender.channel and self._sender.channel.falls_back)

    def _carry_on(self, make: Maker, may_go_on: Callable[[], bool]) -> Iterator[Told | None]:
        if self._calls:
            yield from self._call(self._calls, make, may_go_on)
        else:
            yield from self._talk(make, may_go_on)
        if self._sender and self._sender.channel:
            note_well(self._sender.channel)

    def _call(
        self, calls: Calls, make: Maker, may_go_on: Callable[[], bool]
    ) -> Iterator[Told | None]:
        """Hand what waits to a provider, as many of one letter at a time as it takes."""
        while self._waiting and may_go_on():
            mails: list[Personal] = []
            yield from self._gather(mails, calls.most, make)
            # A call is a long wait.
            yield None
            said: set[int] = set()
            try:
                for key, outcome in calls.send(mails):
                    said.add(key)
                    yield key, outcome
            except CallFailed as failure:
                doubted = {mail.key for mail in failure.in_doubt}
                for key in sorted(doubted):
                    yield key, Outcome(Result.BROKEN, str(failure))
                untried = [m.key for m in mails if m.key not in said | doubted]
                self._waiting.extendleft(reversed(untried))
                raise ChannelBroken(str(failure)) from failure
            yield None

    def _gather(self, mails: list[Personal], most: int, make: Maker) -> Iterator[Told]:
        """Take what waits first and shares its letter; those that cannot be made are refused."""
        assert self._sender is not None
        later: list[int] = []
        while self._waiting and len(mails) < most:
            key = self._waiting.popleft()
            try:
                mail = make.personal(key, self._sender.from_address)
            except ValueError as error:
                yield key, outcome_of(error)
                continue
            if mails and mail.letter is not mails[0].letter:
                later.append(key)
            else:
                mails.append(mail)
        self._waiting.extendleft(reversed(later))

    def _talk(self, make: Maker, may_go_on: Callable[[], bool]) -> Iterator[Told | None]:
        try:
            while self._waiting or not all(line.is_idle for line in self._lines):
                if not may_go_on():
                    break
                for line in tuple(self._lines):
                    must_hear = not (line.room and self._waiting)
                    if must_hear and not line.has_news(within_s=LONG_WAIT_S):
                        yield None
                    yield from self._advance(line, make, must_hear=must_hear)
        except Standstill:
            yield from self._stop()
            raise
        if not all(line.is_idle for line in self._lines):
            yield from self._stop()

    def _advance(self, line: Line, make: Maker, *, must_hear: bool) -> Iterator[Told]:
        started_at = time.monotonic()
        following: list[Parcel] = []
        try:
            if must_hear:
                line.hear()
                yield from self._tell(line)
            yield from self._fill(following, line, make)
            line.say(following)
        except MAIL_ERRORS as error:
            was_quick = time.monotonic() - started_at < HANG_UP_S
            if isinstance(error, ConnectionError | ssl.SSLError):
                # It hung up while it was spoken to; what it said before can still be heard.
                with contextlib.suppress(*MAIL_ERRORS):
                    line.drain()
            yield from line.outcomes()
            yield from self._lose(line, error, was_quick=was_quick)

    def _tell(self, line: Line) -> Iterator[Told]:
        self._waiting.extendleft(parcel.key for parcel in reversed(line.returned()))
        outcomes = line.outcomes()
        broken = [told for told in outcomes if told[1].result == Result.BROKEN]
        yield from (told for told in outcomes if told[1].result != Result.BROKEN)
        if not broken:
            return
        if self._may_be_stood_in_for:
            self._waiting.extendleft(key for key, _ in reversed(broken))
        else:
            yield from broken
        raise ChannelBroken(broken[0][1].answer)

    def _fill(self, parcels: list[Parcel], line: Line, make: Maker) -> Iterator[Told]:
        """Make as many mails as the line has room for; those that cannot be made are refused."""
        assert self._sender is not None
        while self._waiting and len(parcels) < line.room:
            key = self._waiting.popleft()
            try:
                parcels.append(make.parcel(key, self._sender.from_address, line.takes_eight_bits))
            except ValueError as error:
                yield key, outcome_of(error)

    def _lose(self, line: Line, error: Exception, *, was_quick: bool) -> Iterator[Told]:
        """Go on without a line, or on a new one.

        A server may hang up on a connection that has worked (after so many mails, say): the mail
        that was out then goes once more. Otherwise it is the mail, or the server, that is ill.
        """
        self._lines.remove(line)
        line.close()
        may_try_again = line.has_answered and was_quick
        again = [parcel.key for parcel in line.untried]
        for key in (parcel.key for parcel in line.in_doubt):
            if may_try_again and key not in self._doubted:
                self._doubted.add(key)
                again.append(key)
            else:
                yield key, outcome_of(error)
        self._waiting.extendleft(sorted(again, reverse=True))
        if not self._lines:
            if not may_try_again:
                raise ChannelBroken(outcome_of(error).answer) from error
            self._open_lines()

    def _stop(self) -> Iterator[Told]:
        """Collect the outstanding answers and hang up; mails not yet sent were not tried."""
        while self._lines:
            line = self._lines.pop()
            try:
                line.drain()
            except MAIL_ERRORS as error:
                for parcel in line.in_doubt:
                    yield parcel.key, outcome_of(error)
            yield from line.outcomes()
            line.close()

    def _open_lines(self) -> None:
        """Raises ChannelBroken where not one can be opened."""
        if self._calls:
            return
        if not self._lines:
            try:
                self._sender = open_sender()
                if self._sender.provider:
                    self._calls = Calls(self._sender.connection, self._sender.provider)
                    return
                self._lines.append(line_over(self._sender.connection))
            except MAIL_ERRORS as error:
                raise ChannelBroken(outcome_of(error).answer) from error
        assert self._sender is not None
        wanted = self._most_lines if len(self._waiting) > FEW else 1
        while len(self._lines) < wanted and isinstance(self._lines[0], ByProtocol | InChunks):
            try:
                self._lines.append(line_over(self._sender.make()))
            except MAIL_ERRORS as error:
                log.info("the mail server takes %d connections: %s", len(self._lines), error)
                self._most_lines = len(self._lines)
