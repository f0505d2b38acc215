"""Many mails over one SMTP connection, at one round trip each where the server pipelines.

With PIPELINING (RFC 2920) a mail's text and the next mail's MAIL, RCPT and DATA go out together.
The next one's text waits for its own 354, so that one mail at most is in doubt when a connection
breaks. Servers without it are spoken to step by step. See `smtp_chunks` for servers that can more.
"""

import smtplib

from atender.outbound.smtp_parcels import Answer, Parcel, Stage, answer_to, envelope
from atender.outbound.smtp_wire import GOES_ON, Reply, SmtpWire

DRAINS_WITHIN_S = 5.0


class SmtpLine:
    """One connection: `hear` what there is to hear, then `say` what there is `room` for.

    When either raises OSError or SMTPException the connection is of no use any more: `in_doubt`
    may have been taken or not, `untried` were surely not. `answers` are those not fetched yet.
    """

    def __init__(self, smtp: smtplib.SMTP, *, timeout_s: float) -> None:
        smtp.ehlo_or_helo_if_needed()
        self.has_answered = False
        self.takes_eight_bits = smtp.has_extn("8bitmime")
        self._pipelines = smtp.has_extn("pipelining")
        self._wire = SmtpWire(smtp, timeout_s=timeout_s)
        # The mail that is out, and the one that is announced.
        self._out: Parcel | None = None
        self._announced: Parcel | None = None
        # To be sent before anything new: the announced mail's text, or clean-up commands.
        self._words = b""
        self._answers: list[Answer] = []
        # How many replies are outstanding for commands that only clean up.
        self._tidying = 0

    @property
    def in_doubt(self) -> list[Parcel]:
        return [self._out] if self._out and not self._words else []

    @property
    def untried(self) -> list[Parcel]:
        held_back = self._out if self._words else None
        return [parcel for parcel in (held_back, self._announced) if parcel]

    @property
    def is_idle(self) -> bool:
        return self._out is None and self._announced is None

    @property
    def room(self) -> int:
        """How many more it takes now."""
        return int(self._announced is None)

    def answers(self) -> list[Answer]:
        fetched, self._answers = self._answers, []
        return fetched

    def returned(self) -> list[Parcel]:
        """Those that were not tried after all and may go anew, on this line too."""
        return []

    def has_news(self, *, within_s: float) -> bool:
        """Whether `hear` has something to read, or nothing to wait for."""
        if self.is_idle or not (self._pipelines or self._out):
            return True
        return self._wire.has_news(within_s=within_s)

    def hear(self) -> None:
        """Hear what came of the mail that is out, and whether the announced one may follow."""
        self._wire.give_time()
        self._hear_of_content()
        self._hear_of_envelope()

    def say(self, following: list[Parcel]) -> None:
        """Send the announced mail's text, and announce the next one."""
        words, self._words = self._words, b""
        for parcel in following:
            self._announced = parcel
            words += b"".join(self._envelope(parcel)) * self._pipelines
        if words:
            self._wire.say(words)

    def drain(self) -> None:
        """Hear of the mail that is out and send nothing more."""
        self._wire.give_time(DRAINS_WITHIN_S)
        self._hear_of_content()

    def close(self) -> None:
        """Leave politely where nothing is under way, else at once."""
        self._wire.close(politely=self.is_idle and not self._tidying)

    def _hear_of_content(self) -> None:
        if self._out is None or self._words:
            return
        self._answer(self._out, Stage.CONTENT, self._wire.hear())
        self._out = None

    def _hear_of_envelope(self) -> None:
        for _ in range(self._tidying):
            self._wire.hear()
        self._tidying = 0
        parcel = self._announced
        if parcel is None:
            return
        replies = self._replies(parcel)
        for stage, reply in zip(Stage, replies, strict=False):
            if not (reply.is_good or reply.code == GOES_ON):
                self._announced = None
                self._answer(parcel, stage, reply)
                self._words = self._end(replies)
                return
        self._announced, self._out = None, parcel
        self._words = _stuffed(parcel.content)

    def _answer(self, parcel: Parcel, stage: Stage, reply: Reply) -> None:
        self._answers.append(answer_to(parcel, stage, reply))
        self.has_answered = True

    def _replies(self, parcel: Parcel) -> list[Reply]:
        replies = []
        for command in self._envelope(parcel):
            if not self._pipelines:
                self._wire.say(command)
            replies.append(reply := self._wire.hear())
            if not (self._pipelines or reply.is_good):
                break
        return replies

    def _envelope(self, parcel: Parcel) -> tuple[bytes, ...]:
        return (*envelope(parcel, self.takes_eight_bits), b"DATA\r\n")

    def _end(self, replies: list[Reply]) -> bytes:
        """Tidy up after a no. A server that wants the text all the same gets an empty one."""
        wants_text = replies[-1].code == GOES_ON
        self._tidying = 1 + wants_text
        return b".\r\n" * wants_text + b"RSET\r\n"


def _stuffed(content: bytes) -> bytes:
    """End the text, and double the dot of lines that begin with one. RFC 5321, 4.5.2."""
    if content.startswith(b"."):
        content = b"." + content
    ending = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    return content.replace(b"\r\n.", b"\r\n..") + ending
