"""Incidents as visitors may know them: plain data in which nothing private can hide.

Templates, JSON and feeds are made from these and never from the records, so that an author's name,
an address or a private text has no way out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from atender.markdown import render_markdown
from incidents.models.vocabulary import CLOSED, Kind, Severity, Status
from incidents.places import public_path

# What planned work without an end is said to last, to programs that ask for one.
OPEN_END = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ImpactChange:
    """How an update changed the incident's effect on a component."""

    component_id: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PublicUpdate:
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
    impact_changes: tuple[ImpactChange, ...] = ()

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
class AffectedComponent:
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
    """An incident or maintenance with its whole public timeline, newest update first."""

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
    components: tuple[AffectedComponent, ...]
    monitor_names: tuple[str, ...]
    updates: tuple[PublicUpdate, ...]
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
        begun = [update.posted_at for update in self.updates if update.status == Status.IN_PROGRESS]
        return min(begun, default=None)

    @property
    def path(self) -> str:
        return public_path(self.kind, self.id)

    @property
    def post_mortem_path(self) -> str:
        return f"{self.path}#post-mortem"

    @property
    def affected(self) -> tuple[str, ...]:
        return (*(component.name for component in self.components), *self.monitor_names)

    @property
    def updated_at(self) -> datetime:
        said = [update.updated_at for update in self.updates] or [self.started_at]
        return max([*said, self.post_mortem.updated_at] if self.post_mortem else said)

    @property
    def edges(self) -> tuple[datetime | None, ...]:
        """When a window opens or closes, or a promise comes due."""
        return (self.scheduled_for, self.scheduled_until, self.next_update_by, self.eta)

    @property
    def monitoring_at(self) -> datetime | None:
        return next((x.posted_at for x in self.updates if x.status == Status.MONITORING), None)

    @property
    def last_closing(self) -> PublicUpdate | None:
        """The update that closed it most recently, not counting what was added afterwards."""
        closing = None
        for update in self.updates:
            if update.status not in CLOSED:
                break
            closing = update
        return closing
