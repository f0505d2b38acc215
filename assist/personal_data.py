"""What in a customer's words may point to a person, taken out. Pure."""

import re

_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*")
_ADDRESS = re.compile(r"\S+@\S+")
# Telephone, card, account and order numbers; a year or an error's number is shorter.
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/]{0,2}\d){5,}")
_BLANKS = re.compile(r"\s+")


def without_personal_data(text: str) -> str:
    """Take out addresses, links and long numbers."""
    plain = _ADDRESS.sub("…", _LINK.sub("…", text.replace("\0", " ")))
    return _BLANKS.sub(" ", _NUMBER.sub("…", plain)).strip()
