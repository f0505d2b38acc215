from contextlib import suppress
from datetime import datetime

from atender.due.work import Lease, handles
from atender.locking import Gone
from atender.outbound.models import Letter
from atender.outbound.tasks import send_letter
from incidents.models import Page
from statuspage.access.closing import MAILED_LINK
from statuspage.access.listing import is_allowed
from statuspage.domains.claiming import CHECK
from statuspage.domains.proving import check_domain
from statuspage.models import CustomDomain
from statuspage.past.rolling import ROLLING, roll_page


@handles(ROLLING)
def add_up_days(page_id: str, _lease: Lease) -> datetime | None:
    """Add up the days of a page that are over; returns when the next one is."""
    page = Page.objects.select_related("branding").filter(pk=page_id).first()
    return roll_page(page) if page else None


@handles(CHECK)
def check(key: str, _lease: Lease) -> datetime | None:
    """Look for a domain's proof; the look itself promises the next."""
    domain = CustomDomain.objects.filter(pk=key).first()
    if domain is not None:
        # It may be removed while the DNS is asked.
        with suppress(Gone):
            check_domain(domain)
    return None


@handles(MAILED_LINK)
def send_link(key: str, lease: Lease) -> datetime | None:
    """Send the link that was asked for; forget it where the page's list names no such address."""
    page_id, _dot, letter_id = key.partition(".")
    page = Page.objects.filter(pk=page_id).first()
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter and not (page and is_allowed(page, letter.to)):
        letter.delete()
        return None
    return send_letter(letter_id, lease)
