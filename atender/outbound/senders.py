"""Senders of mails as people write them."""

from email.utils import parseaddr

from django.core.exceptions import ValidationError

from atender.addresses import clean_address
from atender.refusals import Refused


def check_sender(text: str) -> None:
    """Raise ValidationError where a text is neither an address nor a name with one in <>."""
    one_line_only(text)
    name, address = parseaddr(text)
    try:
        clean_address(address)
    except Refused as refusal:
        raise ValidationError(
            "This is no sender; one looks like Acme status <status@acme.example>."
        ) from refusal
    # Anything beside the address is its name, so two addresses are not a sender.
    if text.count("@") - name.count("@") != 1:
        raise ValidationError("A sender is one address, with a name before it where you like.")


def one_line_only(text: str) -> None:
    if not text.isprintable():
        raise ValidationError("This is said on one line, without control characters.")
