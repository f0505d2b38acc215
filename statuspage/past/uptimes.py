"""The uptime of components on a page: the one calculation that every figure and bar comes from.

Finished days are read as they were added up (`rolling.py`), the rest is computed from the intervals
after them, so that a page costs the same however long its history is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Q

from incidents.models import Component, Page, StateInterval
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.models import UptimeAmendment, UptimeDay, UptimeMark
from statuspage.uptime import (
    DOWN_SHARE,
    Amendment,
    Interval,
    Seconds,
    Uptime,
    Window,
    assemble,
    seconds_by_day,
    uptime,
)


def read_uptimes(
    page: Page,
    components: Sequence[Component],
    *,
    window: Window,
    zone: ZoneInfo,
    down_share: Mapping[State, float] = DOWN_SHARE,
) -> dict[str, Uptime]:
    """Return the uptime of each component on a page. Four queries, whatever lies behind."""
    firsts = _unrolled(page, components, window, zone)
    kept = _kept_days(page, firsts, window)
    starts = {name: window.midnights[first] for name, first in firsts.items()}
    intervals = read_intervals(page, starts)
    amendments = read_amendments(page, starts)
    found = {}
    for component in components:
        name, since = component.id, component.started_at
        rest = seconds_by_day(
            intervals[name], amendments[name], since=since, window=window, first=firsts[name]
        )
        found[name] = assemble(
            {**kept[name], **rest}, since=since, window=window, down_share=down_share
        )
    return found


def _unrolled(
    page: Page, components: Iterable[Component], window: Window, zone: ZoneInfo
) -> dict[str, int]:
    """The first day of the window, by component, that is not added up as it is cut now."""
    births = {component.id: component.started_at for component in components}
    firsts = dict.fromkeys(births, 0)
    for mark in UptimeMark.objects.filter(page=page, component__in=births):
        cut = (mark.time_zone, mark.since)
        if cut == (zone.key, births[mark.component_id]) and mark.rolled_until > window.start:
            firsts[mark.component_id] = window.day_of(mark.rolled_until)
    return firsts


def _kept_days(
    page: Page, firsts: Mapping[str, int], window: Window
) -> Mapping[str, dict[int, Seconds]]:
    oldest = window.calm[0].date
    rows = UptimeDay.objects.filter(page=page, component__in=firsts, date__gte=oldest)
    kept: dict[str, dict[int, Seconds]] = defaultdict(dict)
    for name, date, seconds in rows.values_list("component_id", "date", "seconds"):
        index = (date - oldest).days
        if index < firsts[name]:
            kept[name][index] = seconds
    return kept


def _since(starts: Mapping[str, datetime], ended_at: str, *, may_last: bool) -> Q:
    """What reaches into the time after each component's own start."""
    by_start: dict[datetime, list[str]] = defaultdict(list)
    for name, start in starts.items():
        by_start[start].append(name)
    wanted = []
    for start, names in by_start.items():
        reaches = Q(**{f"{ended_at}__gt": start})
        if may_last:
            reaches |= Q(**{ended_at: None})
        wanted.append(Q(component__in=names) & reaches)
    return reduce(or_, wanted, Q()) if wanted else Q(component__in=())


def read_intervals(page: Page, starts: Mapping[str, datetime]) -> Mapping[str, list[Interval]]:
    """Return the recorded intervals that reach beyond each component's start. One query."""
    rows = StateInterval.objects.filter(_since(starts, "ended_at", may_last=True), page=page)
    found: dict[str, list[Interval]] = defaultdict(list)
    for name, state, start, end in rows.values_list(
        "component_id", "state", "started_at", "ended_at"
    ):
        found[name].append(Interval(state, start, end))
    return found


def read_amendments(page: Page, starts: Mapping[str, datetime]) -> Mapping[str, list[Amendment]]:
    """Return what was said of the time after each component's start, oldest first. One query."""
    reaching = _since(starts, "replaces_until_at", may_last=False)
    standing = UptimeAmendment.objects.standing().on_page(page).filter(reaching)
    found: dict[str, list[Amendment]] = defaultdict(list)
    for one in standing:
        found[one.component_id].append(as_said(one))
    return found


def as_said(one: UptimeAmendment) -> Amendment:
    return Amendment(
        one.state, one.started_at, one.ended_at, one.replaces_from_at, one.replaces_until_at
    )


def foresee_uptime(
    page: Page, component: Component, said: Amendment, *, now: datetime
) -> tuple[Uptime, Uptime]:
    """Return a component's uptime as it is, and as it would be with one more amendment."""
    window, since = window_of(page, now), component.started_at
    starts = {component.id: window.start}
    intervals = read_intervals(page, starts)[component.id]
    amendments = read_amendments(page, starts)[component.id]
    down_share = page.branding.down_share
    is_, would_be = (
        uptime(intervals, since=since, window=window, amendments=told, down_share=down_share)
        for told in (amendments, [*amendments, said])
    )
    return is_, would_be


def window_of(page: Page, now: datetime) -> Window:
    """The page's own ninety days."""
    return Window.ending(now, page.branding.zone)
