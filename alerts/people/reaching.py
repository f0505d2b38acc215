"""How a page reaches a person: by our own mail, or through what the operator configured.

`ALERT_GATEWAYS` names an address of Apprise for each other kind, with `{to}` where the person's
goes: https://github.com/caronc/apprise/wiki.
"""

import logging
import smtplib
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMessage

from alerts.models import ContactMethod, MethodKind
from atender.outbound import mail

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says: `text` is for mail and chat; `short` fits an SMS, its link uncut."""

    subject: str
    text: str
    short: str


class NotReached(Exception):
    """It may work later; the sentence says what went wrong."""


def reach(method: ContactMethod, page: PageText, *, message_id: str) -> None:
    """Send a page by a method; raises NotReached."""
    if method.kind == MethodKind.EMAIL:
        _mail(method.address, page, message_id)
    else:
        _through_gateway(method, page)


def _mail(to: str, page: PageText, message_id: str) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    # Sent again after a crash it is the same message, which mail programs show once.
    headers = {"Message-ID": f"<{message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    try:
        mail.send([EmailMessage(page.subject[:200], page.text, to=[to], headers=headers)])
    except (OSError, smtplib.SMTPException) as error:
        raise NotReached(f"The mail server did not take it: {error}"[:300]) from error


def _through_gateway(method: ContactMethod, page: PageText) -> None:
    template = settings.ALERT_GATEWAYS.get(method.kind)
    if not template:
        raise NotReached(f"No gateway for {method.get_kind_display()} is configured any more.")
    # Loading it takes most of a second, which only those who use it wait for.
    apprise: Any = import_module("apprise")
    sender = apprise.Apprise()
    if not sender.add(template.replace("{to}", quote(method.address, safe=""))):
        raise NotReached(f"The gateway for {method.get_kind_display()} is no address of Apprise.")
    title, body = ("", page.short) if method.kind == MethodKind.SMS else (page.subject, page.text)
    if not sender.notify(body=body, title=title):
        raise NotReached(f"The gateway for {method.get_kind_display()} did not take it.")
