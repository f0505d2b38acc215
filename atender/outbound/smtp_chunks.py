"""Many mails over one SMTP connection, several at one round trip: for servers with CHUNKING.

With BDAT (RFC 3030) a mail's text needs nobody's leave, so that whole mails go out one behind the
other and their answers come together. A server takes them in turn: when the connection breaks, the
first one without an answer is in doubt and those behind it were not tried. One that took them all
and died before it said so gets up to `MOST_OUT` again, under their old Message-IDs.
"""

import smtplib
from collections import deque

from atender.outbound.smtp_parcels import Answer, Parcel, Stage, answer_to, envelope
from atender.outbound.smtp_wire import CLOSING, Reply, SmtpWire

MOST_OUT = 16
# Octets that may be out at once, whatever the number of mails.
MOST_OCTETS = 256_000
DRAINS_WITHIN_S = 5.0
OUT_OF_TURN = 503
STAGES = len(Stage)


class ChunkLine:
    """One connection to a server that pipelines and takes chunks. See `smtp_lines.SmtpLine`."""

    def __init__(self, smtp: smtplib.SMTP, *, timeout_s: float) -> None:
        self.has_answered = False
        self.takes_eight_bits = smtp.has_extn("8bitmime")
        self._wire = SmtpWire(smtp, timeout_s=timeout_s)
        self._out: deque[Parcel] = deque()
        self._octets = 0
        self._is_doubtful = True
        self._returned: list[Parcel] = []
        self._answers: list[Answer] = []
        # After a no the mails behind it are heard to their end, and the next begins afresh.
        self._is_upset = False
        self._tidying = 0

    @property
    def in_doubt(self) -> list[Parcel]:
        return list(self._out)[: int(self._is_doubtful)]

    @property
    def untried(self) -> list[Parcel]:
        return [*self._returned, *list(self._out)[int(self._is_doubtful) :]]

    @property
    def is_idle(self) -> bool:
        return not self._out

    @property
    def room(self) -> int:
        if self._out and (self._is_upset or self._octets > MOST_OCTETS):
            return 0
        free = MOST_OUT - len(self._out)
        # Half of them at once, so that commands and answers share packets.
        return free if free >= MOST_OUT // 2 else 0

    def answers(self) -> list[Answer]:
        fetched, self._answers = self._answers, []
        return fetched

    def returned(self) -> list[Parcel]:
        fetched, self._returned = self._returned, []
        return fetched

    def has_news(self, *, within_s: float) -> bool:
        return self.is_idle or self._wire.has_news(within_s=within_s)

    def hear(self) -> None:
        """Hear of one mail at least, and of all whose answers have come."""
        self._wire.give_time()
        self._hear_of_next()
        while self._out and self._wire.has_heard:
            self._hear_of_next()

    def say(self, following: list[Parcel]) -> None:
        words = []
        if following and self._is_upset:
            self._is_upset, self._tidying = False, 1
            words.append(b"RSET\r\n")
        for parcel in following:
            content = parcel.content
            if not content.endswith(b"\r\n"):
                content += b"\r\n"
            words += envelope(parcel, self.takes_eight_bits)
            words.append(b"BDAT %d LAST\r\n" % len(content))
            words.append(content)
            self._out.append(parcel)
            self._octets += len(content)
        if words:
            self._wire.say(b"".join(words))

    def drain(self) -> None:
        self._wire.give_time(DRAINS_WITHIN_S)
        while self._out:
            self._hear_of_next()

    def close(self) -> None:
        self._wire.close(politely=self.is_idle)

    def _hear_of_next(self) -> None:
        if not self._out:
            return
        for _ in range(self._tidying):
            self._wire.hear()
        self._tidying = 0
        parcel = self._out[0]
        replies = self._replies()
        self._out.popleft()
        self._octets -= len(parcel.content)
        if replies[-1].is_good:
            self._answer(parcel, Stage.CONTENT, replies[-1])
        elif self._is_upset and any(reply.code == OUT_OF_TURN for reply in replies):
            # It came while the server was still in the transaction of the refused one.
            self._returned.append(parcel)
        else:
            refused = zip(Stage, replies, strict=True)
            self._answer(parcel, *next((s, reply) for s, reply in refused if not reply.is_good))
            self._is_upset = True

    def _replies(self) -> list[Reply]:
        """Hear of sender, recipient and text."""
        replies: list[Reply] = []
        try:
            while len(replies) < STAGES:
                replies.append(self._wire.hear())
        except smtplib.SMTPServerDisconnected as error:
            if str(error).startswith(str(CLOSING)):
                # Before the text, it takes none.
                self._is_doubtful = len(replies) == STAGES - 1
            raise
        return replies

    def _answer(self, parcel: Parcel, stage: Stage, reply: Reply) -> None:
        self._answers.append(answer_to(parcel, stage, reply))
        self.has_answered = True


def takes_chunks(smtp: smtplib.SMTP) -> bool:
    """Whether the server takes whole mails one behind the other."""
    smtp.ehlo_or_helo_if_needed()
    return smtp.has_extn("pipelining") and smtp.has_extn("chunking")
