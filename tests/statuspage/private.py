"""Acme's page made private, and the link that a visitor is mailed."""

from typing import Any

from atender.outbound.models import Letter
from statuspage.access.closing import change_access
from statuspage.models import Access, Visibility
from tests.factories import STAFF, default_page

PASSWORD = "correct horse battery"


def close(visibility: Visibility = Visibility.PASSWORD, **kwargs: Any) -> Access:
    given = {"password": PASSWORD} if visibility == Visibility.PASSWORD else {}
    return change_access(default_page(), by=STAFF, visibility=visibility, **{**given, **kwargs})


def listed(*patterns: str) -> Access:
    """Let in who is on the list alone; Maria unless told otherwise."""
    return close(Visibility.EMAIL, allowed=patterns or ("maria@acme.example",))


def link_in_mail() -> str:
    text = Letter.objects.get().text
    url = next(line for line in text.splitlines() if "/unlock/" in line)
    return str(url.partition("localhost")[2].lstrip(":0123456789"))
