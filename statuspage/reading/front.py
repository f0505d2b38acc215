"""What a page says now, gathered in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from incidents.models import (
    Component,
    ComponentGroup,
    ComponentState,
    Incident,
    PageSection,
)
from incidents.models.vocabulary import CLOSED, Status
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.language.moments import next_edge
from statuspage.past.bars import Run, runs
from statuspage.past.days import paths_of_days
from statuspage.past.latencies import Latency, read_latencies
from statuspage.past.uptimes import read_uptimes
from statuspage.reading.banner import Banner, banner_for
from statuspage.reading.site import Site, published
from statuspage.reading.stories import Story
from statuspage.reading.telling import tell
from statuspage.uptime import Uptime, Window


@dataclass(frozen=True, slots=True)
class Shown:
    """A component as it stands, with its ninety days."""

    component: Component
    state: State
    uptime: Uptime
    runs: Sequence[Run]
    # The last day's, where the page shows it and something measured it.
    latency: Latency | None = None

    @property
    def is_troubled(self) -> bool:
        return any(run.is_troubled for run in self.runs)


@dataclass(slots=True)
class Section:
    """Components under one heading, or under none."""

    group: PageSection | ComponentGroup | None
    components: list[Shown] = field(default_factory=list)

    @property
    def worst(self) -> State:
        order = list(State)
        return max((shown.state for shown in self.components), key=order.index)


@dataclass(frozen=True, slots=True)
class Front:
    site: Site
    banner: Banner
    open_incidents: Sequence[Story]
    running: Sequence[Story]
    upcoming: Sequence[Story]
    recent: Sequence[Story]
    sections: Sequence[Section]

    @property
    def changes_at(self) -> datetime:
        """The next moment at which time alone changes the page by more than the minutes told."""
        told = [*self.open_incidents, *self.running, *self.upcoming]
        leaves_after = timedelta(days=self.site.branding.recency_days)
        return next_edge(
            self.site.now,
            self.site.zone,
            *(moment for story in told for moment in story.edges),
            *(story.resolved_at + leaves_after for story in self.recent if story.resolved_at),
        )


def read_front(site: Site) -> Front:
    """Gather the front page. Thirteen queries at most, however much there is on it."""
    stories = tell(_on_front(site), shown=site.names)
    active = [story for story in stories if story.is_running]
    states = read_states(site)
    open_incidents = [story for story in active if not story.is_maintenance]
    running = [story for story in active if story.is_maintenance]
    upcoming = [story for story in stories if story.status == Status.SCHEDULED]
    return Front(
        site=site,
        banner=banner_of(active, states),
        open_incidents=sorted(open_incidents, key=lambda s: s.updated_at, reverse=True),
        running=sorted(running, key=lambda s: s.begins_at),
        upcoming=next_of_each(sorted(upcoming, key=lambda s: s.begins_at)),
        recent=[story for story in stories if story.is_closed],
        sections=_sections(site, states),
    )


def next_of_each(upcoming: Sequence[Story]) -> list[Story]:
    """Keep only the next occurrence of each series; the others have addresses of their own."""
    first: dict[str, Story] = {}
    for story in upcoming:
        first.setdefault(story.series_id or story.id, story)
    return list(first.values())


def read_states(site: Site) -> dict[str, State]:
    """Return the present state of each of the page's components. One query."""
    rows = ComponentState.objects.filter(page=site.page).values_list("component_id", "state")
    known = dict(rows)
    return {c.id: State(known.get(c.id, State.OPERATIONAL)) for c in site.components}


def banner_of(active: Sequence[Story], states: Mapping[str, State]) -> Banner:
    """Return the banner of what goes on; states that a story explains do not count twice."""
    explained = {affected.component_id for story in active for affected in story.components}
    return banner_for(
        [story.severity for story in active if not story.is_maintenance],
        is_under_maintenance=any(story.is_maintenance for story in active),
        reported=[state for id_, state in states.items() if id_ not in explained],
    )


# The newest of what is over; the history, which has its link below them, has them all.
MOST_RECENT = 50


def _on_front(site: Site) -> list[Incident]:
    since = site.now - timedelta(days=site.branding.recency_days)
    closed = published(site).filter(status__in=CLOSED, resolved_at__gte=since)
    recent = closed.order_by("-resolved_at", "-id").values("pk")[:MOST_RECENT]
    found = published(site).filter(~Q(status__in=CLOSED) | Q(pk__in=recent))
    return list(found.order_by("-resolved_at", "-started_at", "-id"))


def _sections(site: Site, states: Mapping[str, State]) -> list[Section]:
    window = Window.ending(site.now, site.zone)
    pasts = read_uptimes(
        site.page,
        site.components,
        window=window,
        zone=site.zone,
        down_share=site.branding.down_share,
    )
    latencies = read_latencies(site.branding, now=site.now)
    paths = paths_of_days(site.page, site.zone, since=window.start, now=site.now)
    sections: dict[object, Section] = {}
    for place, component in enumerate(site.components):
        past = pasts[component.id]
        bars = runs(past.days, paths=paths[component.id])
        state, latency = states[component.id], latencies.get(component.id)
        shown = Shown(component, state, past, bars, latency)
        # Components without a group that follow each other share a heading-less section.
        heading = site.headings.get(component.id)
        key = heading.id if heading else _run_without_heading(site, place)
        sections.setdefault(key, Section(heading)).components.append(shown)
    return list(sections.values())


def _run_without_heading(site: Site, place: int) -> int:
    while place and site.components[place - 1].id not in site.headings:
        place -= 1
    return place
