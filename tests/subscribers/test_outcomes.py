import smtplib

import pytest

from subscribers.deliveries.outcomes import Result, outcome_of


@pytest.mark.parametrize(
    ("error", "result", "answer"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), "REFUSED", "550 no such"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), "DEFERRED", "450 greylisted"),
        (smtplib.SMTPRecipientsRefused({"a": (421, b"closing")}), "BROKEN", "421 closing"),
        (smtplib.SMTPDataError(554, b"spam"), "REFUSED", "554 spam"),
        (smtplib.SMTPDataError(452, "full\r\ndisk"), "DEFERRED", "452 full disk"),
        (smtplib.SMTPSenderRefused(550, b"not you", "me"), "BROKEN", "550 not you"),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), "BROKEN", "535 wrong"),
        (smtplib.SMTPServerDisconnected("gone"), "BROKEN", "gone"),
        (ConnectionRefusedError(111, "Connection refused"), "BROKEN", "Connection refused"),
        (TimeoutError(), "BROKEN", "TimeoutError"),
        (ValueError("no address"), "REFUSED", "no address"),
    ],
)
def test_whose_matter_it_is(error: Exception, result: str, answer: str) -> None:
    outcome = outcome_of(error)
    assert outcome.result == Result[result]
    assert answer in outcome.answer


def test_a_long_answer_is_cut() -> None:
    assert len(outcome_of(smtplib.SMTPDataError(550, b"x" * 9000)).answer) == 500
