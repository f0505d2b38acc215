"""Incidents as visitors may know them: plain data in which nothing private can hide.

Templates, JSON and feeds are made from these and never from the records, so that an author's name,
an address or a private text has no way out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from atender.markdown import render_markdown
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
from incidents.models.vocabulary import CLOSED, ComponentStateName, Kind, Severity, Status
from incidents.promises.ahead import expected_end


@dataclass(frozen=True, slots=True)
class Step:
    """How an update changed the incident's effect on a component."""

    component_id: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a timeline; `body` is empty where only the status or severity moved."""

    id: str
    status: Status
    severity: Severity | None
    changes_severity: bool
    body: str
    posted_at: datetime
    edited_at: datetime | None
    eta: datetime | None
    next_update_by: datetime | None
    # Where it moved a maintenance's window to, start and end; None where it moved none.
    window: tuple[datetime, datetime | None] | None = None
    steps: tuple[Step, ...] = ()

    @property
    def moved(self) -> str:
        """The new window in UTC, for readers that know no page's zone; empty where none moved."""
        if self.window is None:
            return ""
        start, end = (at and f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" for at in self.window)
        if end is None:
            return _("New window: %(start)s UTC, until further notice.") % {"start": start}
        return _("New window: %(start)s to %(end)s UTC.") % {"start": start, "end": end}

    @property
    def updated_at(self) -> datetime:
        return max(self.posted_at, self.edited_at or self.posted_at)


@dataclass(frozen=True, slots=True)
class Touched:
    """A component of the page and what the incident does to it."""

    component_id: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Action:
    """A follow-up action that the public may know of: what, and whether it is done."""

    title: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class PublicPostMortem:
    """A published post-mortem."""

    id: str
    body: str
    published_at: datetime
    changed_at: datetime
    is_told: bool
    actions: tuple[Action, ...]

    @property
    def is_changed(self) -> bool:
        """Whether visitors may have read another text before."""
        return self.changed_at > self.published_at

    @property
    def updated_at(self) -> datetime:
        return max(self.published_at, self.changed_at)

    @property
    def html(self) -> SafeString:
        # The text begins with `##`, which thus stands right below the heading of the section.
        return render_markdown(self.body)


@dataclass(frozen=True, slots=True)
class Story:
    """An incident or maintenance with its whole public timeline, newest line first."""

    id: str
    kind: Kind
    title: str
    severity: Severity | None
    status: Status
    started_at: datetime
    resolved_at: datetime | None
    scheduled_for: datetime | None
    scheduled_until: datetime | None
    next_update_by: datetime | None
    components: tuple[Touched, ...]
    monitor_names: tuple[str, ...]
    lines: tuple[Line, ...]
    # The expected end, as last announced, while it is open.
    eta: datetime | None = None
    post_mortem: PublicPostMortem | None = None
    series_id: str | None = None
    # How often it comes again, as frequency and interval of its rule; None where it does not.
    repeats: tuple[str, int] | None = None

    @property
    def is_maintenance(self) -> bool:
        return self.kind == Kind.MAINTENANCE

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def is_running(self) -> bool:
        return not self.is_closed and self.status != Status.SCHEDULED

    @property
    def begins_at(self) -> datetime:
        """When the work begins or began: as planned, or earlier if somebody started it early."""
        planned = self.scheduled_for or self.started_at
        return min(planned, self.began_at or planned) if self.is_maintenance else planned

    @property
    def began_at(self) -> datetime | None:
        """When the work really began."""
        begun = [line.posted_at for line in self.lines if line.status == Status.IN_PROGRESS]
        return min(begun, default=None)

    @property
    def path(self) -> str:
        return f"/{'maintenance' if self.is_maintenance else 'incidents'}/{self.id}"

    @property
    def post_mortem_path(self) -> str:
        return f"{self.path}#post-mortem"

    @property
    def affected(self) -> tuple[str, ...]:
        return (*(touched.name for touched in self.components), *self.monitor_names)

    @property
    def updated_at(self) -> datetime:
        said = [line.updated_at for line in self.lines] or [self.started_at]
        return max([*said, self.post_mortem.updated_at] if self.post_mortem else said)

    @property
    def edges(self) -> tuple[datetime | None, ...]:
        """When a window opens or closes, or a promise comes due."""
        return (self.scheduled_for, self.scheduled_until, self.next_update_by, self.eta)

    @property
    def monitoring_at(self) -> datetime | None:
        return next((x.posted_at for x in self.lines if x.status == Status.MONITORING), None)

    @property
    def last_closing(self) -> Line | None:
        """The line that closed it most recently, not counting what was added afterwards."""
        closing = None
        for line in self.lines:
            if line.status not in CLOSED:
                break
            closing = line
        return closing


def tell(incidents: Collection[Incident], *, shown: Mapping[str, str]) -> list[Story]:
    """Return the stories of incidents in their order; six queries at most, however many they are.

    `shown` are the page's components, id to name, in the page's order: no other is ever named.
    """
    ids = [incident.id for incident in incidents]
    said, touched, monitors = _said(ids), _touched(ids, shown), _monitors(ids)
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
            components=tuple(touched[incident.id]),
            monitor_names=tuple(monitors[incident.id]),
            lines=tuple(line_of(x, shown=shown) for x in said[incident.id] if x.is_read),
            eta=expected_end(incident, said[incident.id]),
            post_mortem=post_mortems.get(incident.id),
            series_id=incident.series_id,
            repeats=repeats.get(incident.series_id or ""),
        )
        for incident in incidents
    ]


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


def line_of(update: IncidentUpdate, *, shown: Mapping[str, str] | None = None) -> Line:
    """Return what visitors read of an update; `shown` are the components that may be named."""
    return Line(
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
        steps=tuple(_steps(update, shown or {})),
    )


def _steps(update: IncidentUpdate, shown: Mapping[str, str]) -> Iterable[Step]:
    for component_id, name in shown.items():
        if after := update.impacts.get(component_id):
            was = update.impacts_before.get(component_id, {})
            before = was.get("state", ComponentStateName.OPERATIONAL.value)
            yield Step(component_id, name, before, after)


def _window(update: IncidentUpdate) -> tuple[datetime, datetime | None] | None:
    if not update.changes_window or update.scheduled_for is None:
        return None
    return update.scheduled_for, update.scheduled_until


def _touched(ids: list[str], shown: Mapping[str, str]) -> Mapping[str, list[Touched]]:
    found: dict[str, list[Touched]] = defaultdict(list)
    impacts = ComponentImpact.objects.filter(incident_id__in=ids, component_id__in=list(shown))
    order = {component_id: place for place, component_id in enumerate(shown)}
    for impact in sorted(impacts, key=lambda impact: order[impact.component_id]):
        name = shown[impact.component_id]
        found[impact.incident_id].append(Touched(impact.component_id, name, impact.state))
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
