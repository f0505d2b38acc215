"""What a mail server's answer means. Pure. Reply codes: RFC 5321, 4.2.

A refused recipient concerns that recipient alone; a refused sender, log-in or connection is our own
problem, and must never mark a hundred thousand recipients as failed.
"""

import smtplib
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

from atender.outbound.mail import REFUSING_STATUSES
from atender.outbound.providers.connecting import words_of
from atender.outbound.smtp_answers import said_in
from atender.outbound.smtp_parcels import Answer, Stage

ANSWER_LENGTH = 500
CLOSING = 421
PERMANENT = 500


class Result(Enum):
    TAKEN = "taken"
    REFUSED = "refused"
    DEFERRED = "deferred"
    # The connection or the channel as a whole does not work.
    BROKEN = "broken"
    # The endpoint is there no more.
    GONE = "gone"


class Outcome(NamedTuple):
    """`message_id` is what the provider calls the mail, where it names it itself."""

    result: Result
    answer: str
    message_id: str = ""
    # How long the other side asks us to wait.
    retry_after: timedelta | None = None


TAKEN = Outcome(Result.TAKEN, "Taken by the mail server.")
MAIL_ERRORS = (OSError, smtplib.SMTPException, AnymailError, ValueError)


def outcome_of(error: Exception) -> Outcome:
    """Return what one of `MAIL_ERRORS` means for the message that was being sent."""
    if answer := said_in(error):
        is_of_the_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
        return _by_code(*answer) if is_of_the_mail else Outcome(Result.BROKEN, _shown(*answer))
    is_refusal = isinstance(error, AnymailRecipientsRefused | ValueError) or (
        isinstance(error, AnymailAPIError) and error.status_code in REFUSING_STATUSES
    )
    result = Result.REFUSED if is_refusal else Result.BROKEN
    return Outcome(result, words_of(error)[:ANSWER_LENGTH])


def outcome_of_answer(answer: Answer) -> Outcome:
    """Return what a mail server's last word on a mail means."""
    if 200 <= answer.code < 300:
        return Outcome(Result.TAKEN, _shown(answer.code, answer.text))
    if answer.stage == Stage.SENDER:
        return Outcome(Result.BROKEN, _shown(answer.code, answer.text))
    return _by_code(answer.code, answer.text)


def _by_code(code: int, text: str) -> Outcome:
    if code == CLOSING:
        result = Result.BROKEN
    else:
        result = Result.REFUSED if code >= PERMANENT else Result.DEFERRED
    return Outcome(result, _shown(code, text))


def _shown(code: int, text: str) -> str:
    return f"{code} {' '.join(text.split())}"[:ANSWER_LENGTH]
