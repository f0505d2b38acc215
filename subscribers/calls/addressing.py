"""Addresses that are called: what may be one, and how it is shown."""

import hashlib

import httpx2
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.outbound.targets import check_url
from atender.refusals import Refused
from subscribers.models import Channel

PATH_SHOWN = 120
NO_ADDRESS = gettext_noop(
    "This cannot be called. An address looks like https://hooks.example.com/status, is open to "
    "everybody and holds no password."
)


def clean_url(text: str) -> str:
    """Return an address that may be called; raises Refused.

    Each call checks again where it leads, on the address it connects to.
    """
    try:
        url = check_url(text, field="url")
    except Refused as refusal:
        raise Refused(_(NO_ADDRESS), field="url") from refusal
    if url.scheme != "https" and not settings.PRIVATE_TARGETS_ALLOWED:
        raise Refused(_(NO_ADDRESS), field="url")
    return str(url)


def shown_address(channel: str, url: str) -> str:
    """Return what people see instead of a URL: its host, and a digest that tells it from others.

    A chat's path and anybody's query are secrets.
    """
    parsed = httpx2.URL(url)
    host = parsed.netloc.decode("ascii")
    path = parsed.path if channel == Channel.WEBHOOK else ""
    place = f"{host[:100]}{path.rstrip('/')[:PATH_SHOWN]}"
    printable = "".join(c if c.isprintable() else "?" for c in place)
    return f"{printable} #{hashlib.sha256(url.encode()).hexdigest()[:10]}"
