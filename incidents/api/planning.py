"""From the bodies of planned work to its verbs."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from rest_framework.request import Request

from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.reading import records_named
from atender.api.resources import check_precondition
from atender.zones import zone_named
from incidents.api.incidents import facts_of, impacts_of, pages_of
from incidents.api.maintenance_documents import minutes
from incidents.api.maintenance_shapes import DAY_MINUTES
from incidents.correcting import change_incident
from incidents.lifecycle import Facts, lock, post_update
from incidents.models import Component, Incident, MaintenanceSeries
from incidents.planned.planning import UNMOVED, move_window, plan_maintenance
from incidents.planned.series import SeriesPlan, change_series, lock_series, plan_series
from incidents.publishing import show_only_on
from incidents.recurrence import Recurrence, read_rule
from incidents.transitions import Saying


def plan_from(body: dict[str, Any], request: Request) -> Incident:
    """Plan from a validated body; return the maintenance, for a series its first one."""
    by, first = key_of(request).actor, _first_words(body)
    if body.get("recurrence"):
        series = plan_series(_new_plan(body), by=by, is_told=body.get("notify", True))
        return series.occurrences.earliest("scheduled_for")
    named = facts_of(body)
    facts = Facts(
        components=_components_of(body),
        impacts=named.impacts,
        monitors=named.monitors,
        pages=named.pages,
        scheduled_for=body["scheduled_for"],
        scheduled_until=body.get("scheduled_until"),
        notice_before=_notice_of(body.get("notice_before_minutes", DAY_MINUTES)),
    )
    return plan_maintenance(body["title"], by=by, first=first, facts=facts)


def _first_words(body: dict[str, Any]) -> Saying:
    words = body.get("initial_update", {})
    return Saying(
        body=body.get("body") or words.get("body", ""),
        is_public=words.get("public", True),
        notifies=body.get("notify"),
    )


def _notice_of(given: int | None) -> timedelta | None:
    return timedelta(minutes=given) if given else None


def _components_of(body: dict[str, Any]) -> list[Component]:
    return records_named(
        Component.objects.all(), body.get("component_ids", []), field="component_ids"
    )


def _new_plan(body: dict[str, Any]) -> SeriesPlan:
    return SeriesPlan(
        title=body["title"],
        body=_first_words(body).body,
        recurrence=_recurrence_of(body["recurrence"], body),
        duration=_duration_of(body),
        notice_before=_notice_of(body.get("notice_before_minutes", DAY_MINUTES)),
        components=_components_of(body),
        impacts=impacts_of(body),
        monitors=facts_of(body).monitors,
        pages=pages_of(body),
    )


def _recurrence_of(given: dict[str, Any], body: dict[str, Any]) -> Recurrence:
    return Recurrence(
        read_rule(given["rrule"]), body["scheduled_for"], zone_named(given["time_zone"])
    )


def _duration_of(body: dict[str, Any]) -> timedelta:
    """The window's length, given in minutes or by its end; both must agree."""
    said, end = body["recurrence"].get("duration_minutes"), body.get("scheduled_until")
    spans = {timedelta(minutes=said)} if said else set()
    if end:
        spans.add(end - body["scheduled_for"])
    if len(spans) != 1:
        raise Unprocessable(
            "The window and duration_minutes differ; send one of them."
            if spans
            else "What comes again has an end: send duration_minutes or scheduled_until.",
            "recurrence.duration_minutes",
        )
    return spans.pop()


@transaction.atomic
def change_from(incident: Incident, body: dict[str, Any], request: Request) -> None:
    """Apply a PATCH: title and tags, then status and text, then pages; all or nothing."""
    by = key_of(request).actor
    incident = lock(incident)
    check_precondition(request, incident.version)
    if changes := _changes_of(body):
        change_incident(incident, by=by, **changes)
    saying = _saying_of(body)
    start = body.get("scheduled_for", UNMOVED)
    end = body.get("scheduled_until", UNMOVED)
    if _moves(incident, body):
        move_window(incident, by=by, start=start, end=end, saying=saying)
    elif _says_something(incident, saying):
        post_update(incident, by=by, saying=saying)
    if "status_page_ids" in body:
        is_told = body.get("notify", True)
        show_only_on(incident, pages=pages_of(body), by=by, is_told=is_told)


def _changes_of(body: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "title" in body:
        changes["title"] = body["title"]
    if "notice_before_minutes" in body:
        changes["notice_before"] = _notice_of(body["notice_before_minutes"])
    if "monitor_ids" in body:
        changes["monitors"] = facts_of(body).monitors
    if "component_ids" in body or "component_impacts" in body:
        changes |= {"components": _components_of(body), "impacts": impacts_of(body)}
    return changes


def _saying_of(body: dict[str, Any]) -> Saying:
    return Saying(
        body=body["body"],
        status=body.get("status"),
        is_public=body["public"],
        notifies=body.get("notify"),
    )


def _moves(incident: Incident, body: dict[str, Any]) -> bool:
    edges = ("scheduled_for", "scheduled_until")
    return any(name in body and body[name] != getattr(incident, name) for name in edges)


def _says_something(incident: Incident, saying: Saying) -> bool:
    """Whether there is news. A repeated `completed` counts: the verb refuses it."""
    is_new = saying.status is not None and (saying.status != incident.status or incident.is_closed)
    return is_new or bool(saying.body.strip())


@transaction.atomic
def change_series_from(
    series: MaintenanceSeries, body: dict[str, Any], request: Request
) -> MaintenanceSeries:
    """Apply a PATCH to a series; fields that are left out do not change."""
    series = lock_series(series)
    check_precondition(request, series.version)
    plan = _new_plan({**_as_body(series), **body})
    return change_series(series, plan, by=key_of(request).actor, is_told=body.get("notify", False))


def _as_body(series: MaintenanceSeries) -> dict[str, Any]:
    return {
        "title": series.title,
        "body": series.body,
        "scheduled_for": series.starts_at,
        "recurrence": {
            "rrule": series.rrule,
            "duration_minutes": minutes(series.duration),
            "time_zone": series.time_zone,
        },
        "component_impacts": list(series.impacts.values("component_id", "state")),
        "monitor_ids": [monitor.pk for monitor in series.monitors.all()],
        "status_page_ids": [page.pk for page in series.pages.all()],
        "notice_before_minutes": minutes(series.notice_before),
    }
