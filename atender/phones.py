"""Phone numbers, as they are accepted and stored."""

import re

from django.utils.translation import gettext as _

from atender.refusals import Refused

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def clean_phone(text: str) -> str:
    """Return a number as `+491701234567` (E.164); raises Refused."""
    number = re.sub(r"[\s()./-]", "", text)
    number = "+" + number.removeprefix("00") if number.startswith("00") else number
    if not PHONE.fullmatch(number):
        raise Refused(
            _("A phone number begins with + and the country's code, as in +49 170 1234567."),
            field="phone",
        )
    return number
