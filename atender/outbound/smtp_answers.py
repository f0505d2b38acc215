"""What a mail server answered, extracted from the standard library's errors."""

import smtplib
from typing import NamedTuple


class Said(NamedTuple):
    """A reply code and its words in one line. RFC 5321, 4.2."""

    code: int
    words: str


def said_in(error: Exception) -> Said | None:
    """Return the answer that an error of `smtplib` bears; None where no server answered."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # Mails have one recipient each.
        code, text = next(iter(error.recipients.values()))
        return Said(code, _one_line(text))
    if isinstance(error, smtplib.SMTPResponseException):
        return Said(error.smtp_code, _one_line(error.smtp_error))
    return None


def _one_line(text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join(words.split())
