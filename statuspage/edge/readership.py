"""How often pages were read, from the counts of the edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Sum

from statuspage.models import PageViews

HOUR = timedelta(hours=1)
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Readership:
    """Views by people in the whole hours of a stretch; `usual` is the mean of the same hours of up
    to four weeks before, None where none of them was counted yet.
    """

    views: int
    programs: int
    usual: float | None


def whole_hours(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """The hours that a stretch touches; at least one."""
    first = start.replace(minute=0, second=0, microsecond=0)
    last = end.replace(minute=0, second=0, microsecond=0)
    return first, last + HOUR if last < end or last == first else last


def read_readership(page_ids: Sequence[str], start: datetime, end: datetime) -> Readership:
    """Count the views of some pages. Up to six small queries."""
    first, last = whole_hours(start, end)
    rows = PageViews.objects.filter(page__in=page_ids)
    counted_since = rows.aggregate(at=Min("hour"))["at"]
    views, programs = _sums(page_ids, first, last)
    before = [
        _sums(page_ids, first - shift, last - shift)[0]
        for shift in weeks_before(first, counted_since)
    ]
    return Readership(views, programs, sum(before) / len(before) if before else None)


def weeks_before(first: datetime, known_since: datetime | None) -> list[timedelta]:
    """How far back the same hours lie, in those of the four weeks before of which one knows."""
    shifts = [timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    return [shift for shift in shifts if known_since and first - shift >= known_since]


def _sums(page_ids: Sequence[str], first: datetime, last: datetime) -> tuple[int, int]:
    rows = PageViews.objects.filter(page__in=page_ids, hour__gte=first, hour__lt=last)
    found = rows.aggregate(views=Sum("views"), programs=Sum("programs"))
    return found["views"] or 0, found["programs"] or 0
