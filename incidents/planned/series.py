"""The verbs of a series of planned work: plan, write ahead, change, end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from atender.actors import SCHEDULE, Actor, acted_by
from atender.due.work import cancel, schedule
from atender.locking import locked
from atender.meanwhile import ids_of
from atender.refusals import Conflict, Refused
from atender.texts import clean_text
from incidents.checks import checked_title
from incidents.impacts import check_state
from incidents.maintenance import check_notice
from incidents.models import Component, MaintenanceSeries, Page, SeriesImpact
from incidents.models.vocabulary import ComponentStateName
from incidents.planned.occurrences import (
    HORIZON,
    align,
    is_news,
    rewrite,
    starts_ahead,
    waiting_of,
    withdraw,
    write_down,
)
from incidents.planned.seeing import check_seen_series, own_facts
from incidents.recording import record
from incidents.recurrence import Recurrence, check_recurrence
from incidents.years import check_year
from monitors.models import Monitor

SERIES = "incidents.series"
LONGEST = timedelta(days=30)
SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """What all occurrences have in common, and when they happen."""

    title: str
    recurrence: Recurrence
    duration: timedelta
    body: str = ""
    notice_before: timedelta | None = None
    components: Sequence[Component] = ()
    impacts: Mapping[str, str] = field(default_factory=dict)
    monitors: Sequence[Monitor] = ()
    pages: Sequence[Page] = ()


class SeriesEnded(Conflict):
    """The series has already ended."""


@transaction.atomic
def plan_series(
    plan: SeriesPlan,
    *,
    by: Actor,
    is_told: bool = True,
    hold: timedelta = timedelta(0),
    at: datetime | None = None,
    submission_id: str | None = None,
) -> MaintenanceSeries:
    """Plan repeating work; subscribers hear of the first occurrence and are reminded of each.

    `hold` is how long `end_series` takes it back without a word. Raises Refused, BadRule. The same
    `submission_id` again returns the series that it planned.
    """
    at = at or timezone.now()
    series = MaintenanceSeries(submission_id=submission_id, **acted_by(by))
    _take(series, plan, at=at)
    if (planned := _save_or_find(series)) is not series:
        return planned
    _tag(series, plan)
    record("series.planned", series.id, by=by, at=at, title=series.title)
    keep_ahead(series, by=by, at=at, is_told=is_told, hold=hold)
    return series


def _save_or_find(series: MaintenanceSeries) -> MaintenanceSeries:
    """Insert the series, or return the one that its submission planned at the same moment."""
    try:
        with transaction.atomic():
            series.save()
    except IntegrityError:
        planned = MaintenanceSeries.objects.filter(submission_id=series.submission_id)
        if series.submission_id is None or not (found := planned.first()):
            raise
        return found
    return series


@transaction.atomic
def keep_ahead(
    series: MaintenanceSeries,
    *,
    by: Actor = SCHEDULE,
    at: datetime,
    is_told: bool = False,
    hold: timedelta = timedelta(0),
) -> None:
    """Write the occurrences ahead, and schedule the next look. Idempotent."""
    series = lock_series(series)
    starts, beyond = starts_ahead(series, at)
    if series.ended_at or not starts:
        cancel(SERIES, series.id)
        return
    written = series.occurrences.filter(occurs_at__in=starts)
    known = set(written.values_list("occurs_at", flat=True))
    for start in starts:
        if start not in known:
            tells = is_told and start == starts[0]
            held = hold if tells else timedelta(0)
            write_down(series, start, by=by, at=at, is_told=tells, hold=held)
    again = min(starts[0], beyond - HORIZON) if beyond else starts[-1]
    schedule(SERIES, series.id, at=max(again, at + SOON))


@transaction.atomic
def change_series(
    series: MaintenanceSeries,
    plan: SeriesPlan,
    *,
    by: Actor,
    is_told: bool = False,
    seen: str | None = None,
    at: datetime | None = None,
) -> MaintenanceSeries:
    """Change the occurrences ahead, except those that have begun or were changed by hand.

    With `is_told` subscribers hear if the next occurrence moves. `seen` is what its author saw of
    the series, by `seen_series`. Raises Refused, SeriesEnded, ChangedMeanwhile.
    """
    at = at or timezone.now()
    series = lock_series(series)
    _check_lasting(series)
    before = series.recurrence, series.duration
    check_seen_series(series, _wanted(plan, at=at), seen=seen)
    _take(series, plan, at=at)
    series.version += 1
    series.save()
    _tag(series, plan)
    record("series.changed", series.id, by=by, at=at, title=series.title)
    followers = [one for one in waiting_of(series, at=at) if one.follows_series]
    if before != (series.recurrence, series.duration):
        followers = align(series, followers, by=by, at=at, is_told=is_told)
    for follower in followers:
        rewrite(follower, series, by=by)
    keep_ahead(series, by=by, at=at)
    return series


@transaction.atomic
def end_series(
    series: MaintenanceSeries,
    *,
    by: Actor,
    is_told: bool = False,
    at: datetime | None = None,
) -> MaintenanceSeries:
    """End the series: occurrences that have not begun are withdrawn; a running one goes on.

    With `is_told` subscribers hear that the next one, and those that they heard of, are cancelled.
    Raises SeriesEnded.
    """
    at = at or timezone.now()
    series = lock_series(series)
    _check_lasting(series)
    series.ended_at = at
    series.version += 1
    series.save()
    for place, occurrence in enumerate(waiting_of(series, at=at)):
        withdraw(occurrence, by=by, is_told=is_told and is_news(occurrence, place))
    cancel(SERIES, series.id)
    record("series.ended", series.id, by=by, at=at, title=series.title)
    return series


def lock_series(series: MaintenanceSeries) -> MaintenanceSeries:
    return locked(MaintenanceSeries.objects.all(), series)


def _check_lasting(series: MaintenanceSeries) -> None:
    if series.ended_at:
        raise SeriesEnded(
            f"The series ended at {series.ended_at:%Y-%m-%d %H:%M} UTC; plan a new one."
        )


def _take(series: MaintenanceSeries, plan: SeriesPlan, *, at: datetime) -> None:
    """Give an unsaved or locked series what the plan says. Raises Refused."""
    check_year(plan.recurrence.first, field="scheduled_for")
    check_notice(plan.notice_before)
    if not timedelta(0) < plan.duration <= LONGEST:
        raise Refused("A window that comes again lasts up to 30 days.", field="duration")
    check_recurrence(plan.recurrence, plan.duration, at=at)
    series.title = checked_title(plan.title)
    series.body = clean_text(plan.body, field="body")
    series.rrule = plan.recurrence.rule.text
    series.starts_at = plan.recurrence.first
    series.time_zone = plan.recurrence.zone.key
    series.duration = plan.duration
    series.notice_before = plan.notice_before


def _tag(series: MaintenanceSeries, plan: SeriesPlan) -> None:
    states = _states(plan)
    for state in states.values():
        check_state(state)
    series.impacts.exclude(component_id__in=states).delete()
    for component_id, state in states.items():
        SeriesImpact.objects.update_or_create(
            series=series, component_id=component_id, defaults={"state": state}
        )
    series.monitors.set(plan.monitors)
    series.pages.set(plan.pages)


def _states(plan: SeriesPlan) -> dict[str, str]:
    """Component ids to their states."""
    usual = dict.fromkeys((c.pk for c in plan.components), ComponentStateName.MAINTENANCE.value)
    return {**usual, **plan.impacts}


def _wanted(plan: SeriesPlan, *, at: datetime) -> dict[str, Any]:
    """What a plan asks of a series, as its facts would be afterwards. Raises Refused."""
    planned = MaintenanceSeries()
    _take(planned, plan, at=at)
    chosen = {"monitors": ids_of(plan.monitors), "pages": ids_of(plan.pages)}
    return {**own_facts(planned), "impacts": _states(plan), **chosen}
