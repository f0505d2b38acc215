"""The history of a page by month, as far back as it is kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from incidents.models import Incident
from incidents.models.vocabulary import CLOSED, Status
from statuspage.reading.site import Site, published
from statuspage.reading.stories import Story
from statuspage.reading.telling import tell

MONTHS_A_PAGE = 3
# Of a page with more, the rest stands on further parts of it; few pages have ever so many.
STORIES_A_PART = 100
# A maintenance belongs to the month of its window, not of its announcement.
BEGINS_AT = Coalesce("scheduled_for", "started_at")


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    stories: Sequence[Story]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a page of the history; both count from 1, newest first."""

    page: int = 1
    part: int = 1

    @property
    def query(self) -> Mapping[str, int]:
        """How its address says it."""
        asked = {"page": self.page, "part": self.part}
        return {name: number for name, number in asked.items() if number > 1}


@dataclass(frozen=True, slots=True)
class History:
    """Newest month first, with the places before and after where there are any."""

    months: Sequence[Month]
    place: Place
    newer: Place | None
    older: Place | None


def read_history(site: Site, place: Place) -> History | None:
    """Return a part of the history, None beyond what is kept. Seven queries."""
    firsts = _months_of(place.page, site)
    begin = (place.part - 1) * STORIES_A_PART
    if not firsts or begin < 0:
        return None
    # One more than is shown tells whether there is more, and from which month.
    found = _closed_in(site, firsts)[begin : begin + STORIES_A_PART + 1]
    stories = tell(list(found), shown=site.names)
    if begin and not stories:
        return None
    goes_on = len(stories) > STORIES_A_PART
    return History(
        _by_month(stories, firsts, site, begins=not begin),
        place,
        newer=_before(place, site),
        older=_after(place, site, goes_on=goes_on),
    )


def _months_of(page: int, site: Site) -> list[date]:
    """The first days of a page's months, none beyond what is kept."""
    oldest = _month(kept_since(site).astimezone(site.zone).date())
    newest = _back(_month(site.now.astimezone(site.zone).date()), (page - 1) * MONTHS_A_PAGE)
    if page < 1:
        return []
    return [first for n in range(MONTHS_A_PAGE) if (first := _back(newest, n)) >= oldest]


def _by_month(
    stories: Sequence[Story], firsts: Sequence[date], site: Site, *, begins: bool
) -> list[Month]:
    """The months of a part, and the empty ones between them and the next part's."""
    # Work that began earlier than planned stays on the page where its plan is.
    months = [max(_month_of(story.begins_at, site), firsts[-1]) for story in stories]
    told: dict[date, list[Story]] = defaultdict(list)
    for first, story in zip(months[:STORIES_A_PART], stories, strict=False):
        told[first].append(story)
    newest = firsts[0] if begins else max(told)
    goes_on = len(months) > STORIES_A_PART
    oldest = min(*told, _back(months[-1], -1)) if goes_on else firsts[-1]
    return [Month(first, told[first]) for first in firsts if oldest <= first <= newest]


def _before(place: Place, site: Site) -> Place | None:
    if place.part > 1:
        return Place(place.page, place.part - 1)
    if place.page == 1:
        return None
    parts = -(-_closed_in(site, _months_of(place.page - 1, site)).count() // STORIES_A_PART)
    return Place(place.page - 1, max(parts, 1))


def _after(place: Place, site: Site, *, goes_on: bool) -> Place | None:
    if goes_on:
        return Place(place.page, place.part + 1)
    return Place(place.page + 1) if _months_of(place.page + 1, site) else None


def _closed_in(site: Site, firsts: Sequence[date]) -> QuerySet[Incident]:
    since = max(_midnight(firsts[-1], site), kept_since(site))
    until = _midnight(_back(firsts[0], -1), site)
    closed = published(site).filter(status__in=CLOSED).exclude(status=Status.CANCELLED)
    dated = closed.annotate(begins_at=BEGINS_AT)
    return dated.filter(begins_at__gte=since, begins_at__lt=until).order_by("-begins_at", "-id")


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
