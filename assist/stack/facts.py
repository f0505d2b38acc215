"""From an active incident to what the stack may say of it."""

from datetime import datetime

from assist.facts import url_of
from assist.knowledge import Known
from assist.stack.wording import Facts
from statuspage.models import Branding


def facts_of(known: Known, *, at: datetime) -> Facts:
    """What is public of it, and still ahead; a promise that has passed is not repeated."""
    branding = Branding.objects.get(page=known.page_id)
    return Facts(
        title=known.incident.title,
        status=known.incident.status,
        components=tuple(name for _, name in known.components),
        url=url_of(known),
        zone=branding.zone,
        eta=_ahead(known.eta, at),
        next_update_by=_ahead(known.incident.next_update_by, at),
    )


def takes_subscribers(known: Known) -> bool:
    return Branding.objects.filter(page=known.page_id, takes_subscribers=True).exists()


def _ahead(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment > at else None
