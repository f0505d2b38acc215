"""The history of a page by month, as far back as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models.functions import Coalesce

from incidents.models import Incident
from incidents.models.vocabulary import CLOSED, Status
from statuspage.reading import Site, published
from statuspage.stories import Story, tell

MONTHS_A_PAGE = 3
# A maintenance belongs to the month of its window, not of its announcement.
BEGINS_AT = Coalesce("scheduled_for", "started_at")


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    stories: Sequence[Story]


@dataclass(frozen=True, slots=True)
class History:
    """Newest month first; `number` counts the pages of history from 1."""

    months: Sequence[Month]
    number: int
    has_older: bool

    @property
    def older(self) -> int:
        return self.number + 1

    @property
    def newer(self) -> int:
        return self.number - 1


def read_history(site: Site, number: int) -> History | None:
    """Return a page of history, None beyond what is kept. Six queries."""
    oldest = _month(kept_since(site).astimezone(site.zone).date())
    newest = _back(_month(site.now.astimezone(site.zone).date()), (number - 1) * MONTHS_A_PAGE)
    if number < 1 or newest < oldest:
        return None
    firsts = [first for n in range(MONTHS_A_PAGE) if (first := _back(newest, n)) >= oldest]
    stories = tell(_closed_in(site, firsts), shown=site.names)
    months = [
        Month(first, [s for s in stories if _month_of(s.begins_at, site) == first])
        for first in firsts
    ]
    return History(months, number, has_older=firsts[-1] > oldest)


def _closed_in(site: Site, firsts: Sequence[date]) -> list[Incident]:
    since = max(_midnight(firsts[-1], site), kept_since(site))
    until = _midnight(_back(firsts[0], -1), site)
    closed = published(site).filter(status__in=CLOSED).exclude(status=Status.CANCELLED)
    dated = closed.annotate(begins_at=BEGINS_AT)
    return list(
        dated.filter(begins_at__gte=since, begins_at__lt=until).order_by("-begins_at", "-id")
    )


def kept_since(site: Site) -> datetime:
    return site.now - timedelta(days=site.branding.history_days)


def count_pages(site: Site) -> int:
    """How many pages of history there are, the empty ones too."""
    oldest, newest = (at.astimezone(site.zone) for at in (kept_since(site), site.now))
    months = 12 * (newest.year - oldest.year) + newest.month - oldest.month + 1
    return -(-months // MONTHS_A_PAGE)


def _midnight(first: date, site: Site) -> datetime:
    return datetime.combine(first, time(), site.zone)


def _month(local: date) -> date:
    return local.replace(day=1)


def _month_of(at: datetime, site: Site) -> date:
    return _month(at.astimezone(site.zone).date())


def _back(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
