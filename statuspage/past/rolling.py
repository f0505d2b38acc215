"""Adds up a page's finished days, so that no visit has to.

What is kept is worked out from the intervals with amendments applied. A mark says until when it
holds; a trigger on the intervals, and the verbs of `amending.py`, set it back to the first moment
that is different, under a row lock that this waits for. Until the days are added up anew the page
works them out itself, so that it is never wrong, only slower.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from atender.due.work import is_scheduled, schedule
from atender.tenants.context import current_schema, in_tenant
from incidents.models import Component, Page, StateInterval
from statuspage.models import UptimeDay, UptimeMark
from statuspage.past.uptimes import read_amendments, read_intervals
from statuspage.uptime import Window, seconds_by_day

ROLLING = "statuspage.uptime"
# Raw checks go after eight days; what is added up of them stays for a little over a year.
KEPT_DAYS = 400
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Time for what belongs together to be written.
SOON = timedelta(seconds=5)
# Time for a day's last changes to commit before it is added up.
GRACE = timedelta(minutes=1)


def roll_after_commit(pages: Iterable[Page]) -> None:
    """Have pages added up once the change is committed.

    What is due is one row a page, and two incidents of one page must not wait for each other. A
    process that dies in between leaves a page that works its days out itself until the next change.
    """
    schema, found = current_schema(), list(pages)

    def roll() -> None:
        with in_tenant(schema):
            roll_in_time(found)

    transaction.on_commit(roll, robust=True)


def roll_in_time(pages: Iterable[Page], *, now: datetime | None = None) -> None:
    """Schedule the adding up: soon if a past day changed, else after midnight."""
    now = now or timezone.now()
    for page in pages:
        midnight, next_one = _midnights(page, now)
        if unrolled(page, midnight).exists():
            schedule(ROLLING, page.id, at=now + SOON)
        elif _has_past(page) and not is_scheduled(ROLLING, page.id):
            schedule(ROLLING, page.id, at=next_one + GRACE)


def roll_page(page: Page, *, now: datetime | None = None) -> datetime | None:
    """Add up finished days, one component at a time; returns when there will be more to do."""
    now = now or timezone.now()
    midnight, next_one = _midnights(page, now)
    for mark in unrolled(page, midnight).select_related("component"):
        _roll(page, mark.component, now)
    oldest = now.date() - timedelta(days=KEPT_DAYS + 1)
    UptimeDay.objects.filter(page=page, date__lt=oldest).delete()
    today = StateInterval.objects.filter(page=page)
    goes_on = today.filter(ended_at=None).exists() or today.filter(ended_at__gt=midnight).exists()
    return next_one + GRACE if goes_on else None


@transaction.atomic
def _roll(page: Page, component: Component, now: datetime) -> None:
    """Add up one component's days; waits for whoever is changing its intervals, and they for it."""
    mark = UptimeMark.objects.select_for_update().get(page=page, component=component)
    zone = page.branding.zone
    window = Window.ending(now, zone, KEPT_DAYS + 1)
    is_cut_alike = (mark.time_zone, mark.since) == (zone.key, component.started_at)
    is_within = is_cut_alike and mark.rolled_until > window.start
    first = window.day_of(mark.rolled_until) if is_within else 0
    start = {component.id: window.midnights[first]}
    touched = seconds_by_day(
        read_intervals(page, start)[component.id],
        read_amendments(page, start)[component.id],
        since=component.started_at,
        window=window,
        first=first,
    )
    days = UptimeDay.objects.filter(page=page, component=component)
    (days.filter(date__gte=window.calm[first].date) if is_cut_alike else days).delete()
    today = len(window.calm) - 1
    UptimeDay.objects.bulk_create(
        UptimeDay(
            page=page, component=component, date=window.calm[index].date, seconds=dict(seconds)
        )
        for index, seconds in touched.items()
        if index < today
    )
    mark.rolled_until, mark.since = window.midnights[today], component.started_at
    mark.time_zone = zone.key
    mark.save()


def unrolled(page: Page, midnight: datetime) -> QuerySet[UptimeMark]:
    """Return the components with a finished day that is not added up, or no longer correctly."""
    marks = UptimeMark.objects.filter(page=page, component__deleted_at=None)
    holds = Q(
        rolled_until__gte=midnight,
        time_zone=page.branding.time_zone,
        since=F("component__started_at"),
    )
    return marks.filter(Q(since=None) | ~holds).order_by("component_id")


def set_back(component: Component, pages: Iterable[Page], *, to: datetime) -> None:
    """Discard what was added up from a moment on; the page computes it meanwhile."""
    for page in sorted(pages, key=lambda page: page.id):
        UptimeMark.objects.bulk_create(
            [UptimeMark(page=page, component=component, rolled_until=NEVER)],
            ignore_conflicts=True,
        )
        mark = UptimeMark.objects.select_for_update().get(page=page, component=component)
        if to < mark.rolled_until:
            mark.rolled_until = to
            mark.save(update_fields=["rolled_until"])


def _has_past(page: Page) -> bool:
    return UptimeMark.objects.filter(page=page).exists()


def _midnights(page: Page, now: datetime) -> tuple[datetime, datetime]:
    """The beginning and the end of the page's today."""
    start, end = Window.ending(now, page.branding.zone, 1).midnights
    return start, end
