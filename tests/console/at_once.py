"""Two people with the same form open: what the second is told before theirs replaces anything."""

import re
from typing import Any

from django.test import Client


def seen_in(screen: str) -> str:
    """What the form on a screen carries of its record."""
    (seen,) = re.findall(r'<input type="hidden" name="seen" value="(\w+)"', screen)
    return str(seen)


def is_told_first(
    console: Client, where: str, fields: dict[str, Any], told: str, *, status: int = 422
) -> None:
    """Of what a colleague made of it since it was opened; then it may be replaced."""
    refused = console.post(where, fields)
    assert refused.status_code == status
    assert told in refused.text
    assert console.post(where, fields).status_code == status
    seen = seen_in(refused.text)
    assert seen != fields["seen"]
    assert console.post(where, fields | {"seen": seen}).status_code == 302
