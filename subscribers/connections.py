"""The kinds of connection that mails go out over, one mail at a time."""

import contextlib
from typing import Protocol

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

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

TIMEOUT_S = 20.0

Told = tuple[int, Outcome]


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


def line_over(connection: BaseEmailBackend) -> Line:
    connection.open()
    if not isinstance(connection, SmtpBackend) or connection.connection is None:
        return ByBackend(connection)
    smtp = connection.connection
    try:
        return ByProtocol(smtp, timeout_s=connection.timeout or TIMEOUT_S)
    except MAIL_ERRORS:
        smtp.close()
        raise
