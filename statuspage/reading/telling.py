"""From the records to the stories that a page tells; nothing private is taken along."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from incidents.models import (
    ComponentImpact,
    FollowUp,
    Incident,
    IncidentMonitor,
    IncidentUpdate,
    MaintenanceSeries,
    PostMortem,
    PostMortemStatus,
)
from incidents.models.vocabulary import ComponentStateName, Kind, Severity, Status
from incidents.promises.ahead import expected_end
from statuspage.reading.site import Site, published
from statuspage.reading.stories import (
    Action,
    AffectedComponent,
    ImpactChange,
    PublicPostMortem,
    PublicUpdate,
    Story,
)


def tell(incidents: Collection[Incident], *, shown: Mapping[str, str]) -> list[Story]:
    """Return the stories of incidents in their order; six queries at most, however many they are.

    `shown` are the page's components, id to name, in the page's order: no other is ever named.
    """
    ids = [incident.id for incident in incidents]
    said, affected, monitors = _said(ids), _affected(ids, shown), _monitors(ids)
    # While an incident is open again, what was said to be its end does not show.
    post_mortems = _post_mortems([incident.id for incident in incidents if incident.is_closed])
    repeats = _repeats({incident.series_id for incident in incidents if incident.series_id})
    return [
        Story(
            id=incident.id,
            kind=Kind(incident.kind),
            title=incident.title,
            severity=Severity(incident.severity) if incident.severity else None,
            status=Status(incident.status),
            started_at=incident.started_at,
            resolved_at=incident.resolved_at,
            scheduled_for=incident.scheduled_for,
            scheduled_until=incident.scheduled_until,
            next_update_by=incident.next_update_by,
            components=tuple(affected[incident.id]),
            monitor_names=tuple(monitors[incident.id]),
            updates=tuple(public_update(x, shown=shown) for x in said[incident.id] if x.is_read),
            eta=expected_end(incident, said[incident.id]),
            post_mortem=post_mortems.get(incident.id),
            series_id=incident.series_id,
            repeats=repeats.get(incident.series_id or ""),
        )
        for incident in incidents
    ]


def read_story(site: Site, incident_id: str, *, kind: Kind) -> Story | None:
    """Return a story if this page shows it, else None. Six queries."""
    found = list(published(site).filter(pk=incident_id, kind=kind))
    return next(iter(tell(found, shown=site.names)), None)


def _repeats(series_ids: set[str]) -> Mapping[str, tuple[str, int]]:
    """How often series come again, by their ids; no query where there is none."""
    if not series_ids:
        return {}
    found = MaintenanceSeries.objects.filter(pk__in=series_ids, ended_at=None)
    return {series.pk: (series.rule.frequency, series.rule.interval) for series in found}


def _said(ids: list[str]) -> Mapping[str, list[IncidentUpdate]]:
    """What visitors read of incidents, and what moved their expected end alone; newest first."""
    found: dict[str, list[IncidentUpdate]] = defaultdict(list)
    updates = IncidentUpdate.objects.read_or_expecting().filter(incident_id__in=ids)
    for update in updates.order_by("-posted_at", "-id"):
        found[update.incident_id].append(update)
    return found


def public_update(
    update: IncidentUpdate, *, shown: Mapping[str, str] | None = None
) -> PublicUpdate:
    """Return what visitors read of an update; `shown` are the components that may be named."""
    return PublicUpdate(
        id=update.id,
        status=Status(update.status),
        severity=Severity(update.severity) if update.severity else None,
        changes_severity=update.changes_severity,
        body=update.public_body,
        posted_at=update.posted_at,
        edited_at=update.edited_at if update.is_edited_for_visitors else None,
        eta=update.eta,
        next_update_by=update.next_update_by,
        window=_window(update),
        impact_changes=tuple(_impact_changes(update, shown or {})),
    )


def _impact_changes(update: IncidentUpdate, shown: Mapping[str, str]) -> Iterable[ImpactChange]:
    for component_id, name in shown.items():
        if after := update.impacts.get(component_id):
            was = update.impacts_before.get(component_id, {})
            before = was.get("state", ComponentStateName.OPERATIONAL.value)
            yield ImpactChange(component_id, name, before, after)


def _window(update: IncidentUpdate) -> tuple[datetime, datetime | None] | None:
    if not update.changes_window or update.scheduled_for is None:
        return None
    return update.scheduled_for, update.scheduled_until


def _affected(ids: list[str], shown: Mapping[str, str]) -> Mapping[str, list[AffectedComponent]]:
    found: dict[str, list[AffectedComponent]] = defaultdict(list)
    impacts = ComponentImpact.objects.filter(incident_id__in=ids, component_id__in=list(shown))
    order = {component_id: place for place, component_id in enumerate(shown)}
    for impact in sorted(impacts, key=lambda impact: order[impact.component_id]):
        name = shown[impact.component_id]
        found[impact.incident_id].append(AffectedComponent(impact.component_id, name, impact.state))
    return found


def _monitors(ids: list[str]) -> Mapping[str, list[str]]:
    """Names of tagged monitors that watch no component: they stand for themselves."""
    found: dict[str, list[str]] = defaultdict(list)
    tags = IncidentMonitor.objects.filter(
        incident_id__in=ids, monitor__component_links__isnull=True
    ).order_by("id")
    for incident_id, name in tags.values_list("incident_id", "monitor__name"):
        found[str(incident_id)].append(name)
    return found


def _post_mortems(ids: list[str]) -> Mapping[str, PublicPostMortem]:
    published = PostMortem.objects.filter(
        incident_id__in=ids, status=PostMortemStatus.PUBLISHED
    ).prefetch_related("follow_ups")
    return {row.incident_id: _post_mortem(row) for row in published} if ids else {}


def _post_mortem(post_mortem: PostMortem) -> PublicPostMortem:
    assert post_mortem.published_at is not None
    listed: Iterable[FollowUp] = post_mortem.follow_ups.all()
    return PublicPostMortem(
        id=post_mortem.id,
        body=post_mortem.body,
        published_at=post_mortem.published_at,
        changed_at=post_mortem.changed_at,
        is_told=post_mortem.notified_at is not None,
        actions=tuple(Action(f.title, f.done_at is not None) for f in listed if f.is_public),
    )
