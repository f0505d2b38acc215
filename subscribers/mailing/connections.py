"""The kinds of connection that mails go out over, one mail at a time."""

import contextlib
from collections.abc import Iterable
from typing import Protocol

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from atender.outbound.smtp_chunks import ChunkLine, takes_chunks
from atender.outbound.smtp_lines import SmtpLine
from atender.outbound.smtp_parcels import Answer, Parcel
from subscribers.deliveries.outcomes import (
    MAIL_ERRORS,
    TAKEN,
    Outcome,
    Result,
    outcome_of,
    outcome_of_answer,
)
from subscribers.mailing.moulds import Poured

TIMEOUT_S = 20.0

Told = tuple[int, Outcome]


class Line(Protocol):
    """One connection; see SmtpLine for what its members promise."""

    has_answered: bool
    takes_eight_bits: bool

    @property
    def in_doubt(self) -> list[Parcel]: ...
    @property
    def untried(self) -> list[Parcel]: ...
    @property
    def is_idle(self) -> bool: ...
    @property
    def room(self) -> int: ...
    def has_news(self, *, within_s: float) -> bool: ...
    def hear(self) -> None: ...
    def say(self, following: list[Parcel]) -> None: ...
    def drain(self) -> None: ...
    def outcomes(self) -> list[Told]: ...
    def returned(self) -> list[Parcel]: ...
    def close(self) -> None: ...


class ByProtocol(SmtpLine):
    """A connection to an SMTP server."""

    def outcomes(self) -> list[Told]:
        return _told(self.answers())


class InChunks(ChunkLine):
    """A connection to an SMTP server that takes several mails at once."""

    def outcomes(self) -> list[Told]:
        return _told(self.answers())


def _told(answers: Iterable[Answer]) -> list[Told]:
    return [(answer.parcel.key, outcome_of_answer(answer)) for answer in answers]


class ByBackend:
    """Whatever else Django sends mails through, one after the other."""

    takes_eight_bits = True
    room = 1

    def __init__(self, connection: BaseEmailBackend) -> None:
        self.in_doubt: list[Parcel] = []
        self.untried: list[Parcel] = []
        self.has_answered = False
        self._connection = connection
        self._outcomes: list[Told] = []

    @property
    def is_idle(self) -> bool:
        return not self._outcomes

    def has_news(self, *, within_s: float) -> bool:
        return True

    def hear(self) -> None:
        pass

    def say(self, following: list[Parcel]) -> None:
        for parcel in following:
            self.in_doubt = [parcel]
            mail = Poured(parcel.content, sender=parcel.sender, to=parcel.to)
            try:
                self._connection.send_messages([mail])
                outcome = TAKEN
            except MAIL_ERRORS as error:
                outcome = outcome_of(error)
                if outcome.result == Result.BROKEN:
                    raise
            self.in_doubt, self.has_answered = [], True
            self._outcomes.append((parcel.key, outcome))

    def drain(self) -> None:
        pass

    def outcomes(self) -> list[Told]:
        fetched, self._outcomes = self._outcomes, []
        return fetched

    def returned(self) -> list[Parcel]:
        return []

    def close(self) -> None:
        with contextlib.suppress(*MAIL_ERRORS):
            self._connection.close()


def line_over(connection: BaseEmailBackend) -> Line:
    connection.open()
    if not isinstance(connection, SmtpBackend) or connection.connection is None:
        return ByBackend(connection)
    smtp = connection.connection
    try:
        kind = InChunks if takes_chunks(smtp) else ByProtocol
        return kind(smtp, timeout_s=connection.timeout or TIMEOUT_S)
    except MAIL_ERRORS:
        smtp.close()
        raise
