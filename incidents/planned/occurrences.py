"""Occurrences of a series: written ahead, changed along with it, withdrawn."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from atender.actors import Actor
from incidents.correcting import change_incident
from incidents.lifecycle import Facts, delete_incident
from incidents.models import Incident, IncidentUpdate, MaintenanceSeries
from incidents.models.vocabulary import ComponentStateName, Status
from incidents.planned.planning import cancel_maintenance, move_window, plan_maintenance
from incidents.publishing import show_only_on
from incidents.timeline import edit_update, withdraw_update
from incidents.transitions import Saying

# How far ahead the times of a series are written down; the next one always is.
HORIZON = timedelta(days=35)


def starts_ahead(series: MaintenanceSeries, at: datetime) -> tuple[list[datetime], datetime | None]:
    """Return the starts that should be written now, and the first one beyond them."""
    starts: list[datetime] = []
    for start in series.recurrence.after(at):
        if starts and start > at + HORIZON:
            return starts, start
        starts.append(start)
    return starts, None


def waiting_of(series: MaintenanceSeries, *, at: datetime) -> list[Incident]:
    """Lock and return the occurrences that have not begun, soonest first."""
    waiting = series.occurrences.kept().filter(status=Status.SCHEDULED, scheduled_for__gt=at)
    return list(waiting.select_for_update(of=("self",)).order_by("scheduled_for"))


def write_down(
    series: MaintenanceSeries,
    start: datetime,
    *,
    by: Actor,
    at: datetime,
    is_told: bool,
    hold: timedelta = timedelta(0),
) -> Incident:
    return plan_maintenance(
        series.title,
        by=by,
        at=at,
        first=Saying(series.body, notifies=None if is_told else False, hold=hold),
        facts=Facts(
            impacts=impacts_of(series),
            monitors=list(series.monitors.all()),
            pages=list(series.pages.all()),
            scheduled_for=start,
            scheduled_until=start + series.duration,
            notice_before=series.notice_before,
            series=series,
            occurs_at=start,
        ),
    )


def impacts_of(series: MaintenanceSeries) -> dict[str, str]:
    return dict(series.impacts.values_list("component_id", "state"))


def was_told(occurrence: Incident) -> bool:
    """Whether subscribers have heard of it; what is still held does not count."""
    if not occurrence.publications.exists():
        return False
    held = Q(held_until__gt=timezone.now())
    told = occurrence.updates.kept().filter(notifies=True).exclude(held).exists()
    return told or occurrence.reminded_for is not None


def opening_on_hold(occurrence: Incident) -> IncidentUpdate | None:
    """Return its announcement while that is held and the only update."""
    said = list(occurrence.updates.kept().order_by("id")[:2])
    until = said[0].held_until if len(said) == 1 else None
    return said[0] if until is not None and until > timezone.now() else None


def is_news(occurrence: Incident, place: int) -> bool:
    """Whether subscribers care about its changes: the next one, and any they had heard of."""
    return place == 0 or was_told(occurrence)


def withdraw(occurrence: Incident, *, by: Actor, is_told: bool) -> None:
    """Withdraw an occurrence that the series no longer has.

    If subscribers heard of it, it is cancelled, so that its address still answers; otherwise it is
    deleted. Either way its start is free again for the series.
    """
    if opening := opening_on_hold(occurrence):
        withdraw_update(opening, by=by)
    elif is_told or was_told(occurrence):
        saying = Saying(notifies=None if is_told else False)
        cancel_maintenance(occurrence, by=by, saying=saying)
    else:
        delete_incident(occurrence, by=by)
    Incident.objects.filter(pk=occurrence.pk).update(occurs_at=None)


def align(
    series: MaintenanceSeries,
    followers: Iterable[Incident],
    *,
    by: Actor,
    at: datetime,
    is_told: bool,
) -> list[Incident]:
    """Move occurrences to where the rule now has them, day by day; returns those that remain.

    With `is_told` subscribers hear of the next one, and of those that they had heard of.
    """
    starts = starts_ahead(series, at)[0]
    taken = set(series.occurrences.values_list("occurs_at", flat=True))
    free = {start.astimezone(series.zone).date(): start for start in starts if start not in taken}
    _keep_touched(series, free, starts=starts, at=at)
    left = []
    for place, follower in enumerate(followers):
        tells = is_told and is_news(follower, place)
        start = follower.occurs_at
        if start not in starts and start is not None:
            start = free.pop(start.astimezone(series.zone).date(), None)
        if start is None:
            withdraw(follower, by=by, is_told=tells)
            continue
        _move(follower, start, series, by=by, is_told=tells)
        left.append(follower)
    return left


def _keep_touched(
    series: MaintenanceSeries, free: dict[date, datetime], *, starts: list[datetime], at: datetime
) -> None:
    """Keep what was moved, skipped or deleted by hand for its day under the new rule too."""
    touched = series.occurrences.filter(occurs_at__gt=at).exclude(occurs_at__in=starts)
    for one in touched.exclude(follows_series=True, status=Status.SCHEDULED, deleted_at=None):
        assert one.occurs_at is not None
        start = free.pop(one.occurs_at.astimezone(series.zone).date(), None)
        if start is not None:
            Incident.objects.filter(pk=one.pk).update(occurs_at=start)


def _move(
    follower: Incident,
    start: datetime,
    series: MaintenanceSeries,
    *,
    by: Actor,
    is_told: bool,
) -> None:
    end = start + series.duration
    if (follower.scheduled_for, follower.scheduled_until) != (start, end):
        saying = Saying(notifies=None if is_told else False)
        move_window(follower, by=by, start=start, end=end, saying=saying)
        Incident.objects.filter(pk=follower.pk).update(occurs_at=start)


def rewrite(occurrence: Incident, series: MaintenanceSeries, *, by: Actor) -> None:
    """Copy the series' present values to it; nobody is mailed, and it keeps following."""
    changes = _differences(occurrence, series)
    if changes:
        change_incident(occurrence, by=by, **changes)
    first = occurrence.updates.kept().filter(deleted_at=None).earliest("posted_at", "id")
    edit_update(first, by=by, body=series.body)
    show_only_on(occurrence, pages=series.pages.all(), by=by, is_told=False)
    Incident.objects.filter(pk=occurrence.pk).update(follows_series=True)


def _differences(occurrence: Incident, series: MaintenanceSeries) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if occurrence.title != series.title:
        changes["title"] = series.title
    if occurrence.notice_before != series.notice_before:
        changes["notice_before"] = series.notice_before
    wanted = impacts_of(series)
    tagged = dict(occurrence.impacts.values_list("component_id", "state"))
    spared = dict.fromkeys(tagged.keys() - wanted.keys(), ComponentStateName.OPERATIONAL)
    if wanted | spared != tagged:
        changes["impacts"] = wanted | spared
    monitors = list(series.monitors.exclude(pk__in=occurrence.monitors.values("pk")))
    if monitors:
        changes["monitors"] = monitors
    return changes


def follows_still(occurrence: Incident, series: MaintenanceSeries) -> bool:
    """Whether it is still as the series made it, with no update but its announcement."""
    said = list(occurrence.updates.kept()[:2])
    start = occurrence.occurs_at
    return (
        start is not None
        and occurrence.scheduled_for == start
        and occurrence.scheduled_until == start + series.duration
        and len(said) == 1
        and (said[0].body, said[0].is_public) == (series.body, True)
        and set(occurrence.pages.all()) == set(series.pages.all())
        and not _differences(occurrence, series)
    )
