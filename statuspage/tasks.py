from datetime import datetime

from atender.due.work import Lease, handles
from incidents.models import Page
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
        check_domain(domain)
    return None
