"""The verbs that make a page private or public."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.actors import Actor
from atender.addresses import clean_address
from atender.due.work import schedule
from atender.ids import ulid_uuid
from atender.outbound import letters
from atender.phones import clean_phone
from atender.refusals import Refused
from atender.tenants.links import page_url
from incidents.models import Page
from incidents.recording import record
from statuspage.access.keys import MAILED_LINK_LASTS, link_token
from statuspage.access.seeing import check_seen
from statuspage.models import Access, AllowedAddress, Visibility

# Told at the commit by which a page that everybody could read is closed, as "<uuid of the page>".
CLOSED_CHANNEL = "atender_closed"
MAILED_LINK = "statuspage.mailed_link"
SHORTEST_PASSWORD = 8
LONGEST_LINK_DAYS = 365
# What a mail repeats of what somebody asked for; pages have no longer paths.
LONGEST_PATH = 200
LETTER = gettext_noop("""Somebody, most likely you, asked to read %(title)s.

This link opens the page for 30 days in the browser in which you open it. It is good for 30 minutes:

%(url)s

If it was not you, leave this mail alone; nothing has happened.
""")


@transaction.atomic
def change_access(
    page: Page,
    *,
    by: Actor,
    visibility: str,
    password: str = "",
    allowed: Iterable[str] = (),
    ends_links: bool = False,
    seen: str | None = None,
) -> Access:
    """Say who may read a page; an empty `password` keeps the one there is.

    `seen` is what the author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile.

    Links and cookies handed out before stay valid unless the kind of access changes or `ends_links`
    says so; somebody taken off the list is locked out at once, and nothing more is sent there.
    """
    access, _is_new = Access.objects.select_for_update().get_or_create(page=page)
    patterns = sorted({clean_pattern(line) for line in allowed if line.strip()})
    _check(access, Visibility(visibility), password, patterns)
    check_seen(access, visibility, patterns, has_password=bool(password), seen=seen)
    if visibility != access.visibility or password or ends_links:
        access.version += 1
    if access.is_open and visibility != access.visibility:
        _tell_closed(page)
    access.visibility = Visibility(visibility)
    if password:
        access.password = make_password(password)
    access.save()
    AllowedAddress.objects.filter(page=page).exclude(pattern__in=patterns).delete()
    AllowedAddress.objects.bulk_create(
        [AllowedAddress(page=page, pattern=pattern) for pattern in patterns], ignore_conflicts=True
    )
    record("access.changed", page.id, by=by, at=timezone.now(), visibility=access.visibility)
    return access


def _tell_closed(page: Page) -> None:
    """Have what is kept of the page thrown away, and not only made anew as time permits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CLOSED_CHANNEL, str(ulid_uuid(page.pk))])


def _check(access: Access, visibility: Visibility, password: str, patterns: list[str]) -> None:
    if password and len(password) < SHORTEST_PASSWORD:
        raise Refused(
            f"The password has {len(password)} characters; it has at least {SHORTEST_PASSWORD}.",
            field="password",
        )
    if visibility == Visibility.PASSWORD and not (password or access.password):
        raise Refused("A page behind a password needs one.", field="password")
    if visibility == Visibility.EMAIL and not patterns:
        raise Refused(
            "Nobody could read the page; list an address, or a domain as @acme.example.",
            field="allowed",
        )


def clean_pattern(line: str) -> str:
    """Return an address, a phone or `@domain` in lower case; raises Refused naming the line."""
    text = line.strip()
    is_domain = text.startswith("@")
    try:
        if text.startswith("+") and "@" not in text:
            return clean_phone(text)
        address = clean_address(f"anybody{text}" if is_domain else text)
    except Refused:
        raise Refused(
            f"'{text[:60]}' is neither an address nor a domain nor a phone number; "
            "examples are maria@acme.example, @acme.example and +49 170 1234567.",
            field="allowed",
        ) from None
    return address.removeprefix("anybody").lower() if is_domain else address.lower()


@transaction.atomic
def mail_link(
    page: Page, access: Access, *, address: str, language: str = "", leads_to: str = "/"
) -> None:
    """Send a link to an address on the list; anybody else is sent nothing, and nobody is told.

    Whether it is on the list is for the worker to find out, so that the time of the answer does not
    tell. `language` is that of the mail and of the page behind the link; `leads_to` is the path on
    the page that was asked for.
    """
    until = timezone.now() + MAILED_LINK_LASTS
    token = link_token(access, address=address.lower(), until=until)
    title, path = page.branding.shown_title, f"/unlock/{token}"
    asked = {"lang": language} if language else {}
    if leads_to != "/" and len(leads_to) <= LONGEST_PATH:
        asked["next"] = leads_to
    if asked:
        path += f"?{urlencode(asked)}"
    subject = _("Read %(title)s") % {"title": title}
    said = _(LETTER) % {"title": title, "url": page_url(page.id, path)}
    letter = letters.write(address, subject=subject, text=said)
    schedule(MAILED_LINK, f"{page.pk}.{letter.pk}")


@transaction.atomic
def make_link(access: Access, *, days: int, by: Actor, at: datetime | None = None) -> str:
    """Return an address that opens the page to whoever has it, for so many days. Raises Refused."""
    at = at or timezone.now()
    if not 1 <= days <= LONGEST_LINK_DAYS:
        raise Refused(f"A link is good for 1 to {LONGEST_LINK_DAYS} days.", field="days")
    token = link_token(access, until=at + timedelta(days=days))
    record("access.link_made", access.page_id, by=by, at=at, days=days)
    return page_url(access.page_id, f"/unlock/{token}")


def is_password(access: Access, password: str) -> bool:
    return bool(access.password) and check_password(password, access.password)
