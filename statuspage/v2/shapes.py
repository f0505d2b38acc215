"""The records of the public JSON API v2, as its many readers expect them.

Readers raise on an unknown value, so every status and indicator is one of the convention's.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from incidents.models import Component, ComponentGroup, PageSection
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.reading.banner import Banner
from statuspage.reading.site import Site
from statuspage.reading.stories import OPEN_END, PublicPostMortem, PublicUpdate, Story

Record = dict[str, Any]

COMPONENT_STATUS = {
    State.OPERATIONAL: "operational",
    State.DEGRADED: "degraded_performance",
    State.PARTIAL_OUTAGE: "partial_outage",
    State.MAJOR_OUTAGE: "major_outage",
    State.MAINTENANCE: "under_maintenance",
}
# The status of an incident whose post-mortem is published.
POSTMORTEM = "postmortem"


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page_record(site: Site, updated_at: datetime) -> Record:
    return {
        "id": site.page.id,
        "name": site.branding.shown_title,
        "url": site.url,
        "time_zone": site.branding.time_zone,
        "updated_at": moment(updated_at),
    }


def status_record(banner: Banner) -> Record:
    return {"indicator": banner.indicator, "description": str(banner.text)}


def component_records(site: Site, states: Mapping[str, State]) -> list[Record]:
    """Groups as components that list theirs, each before its first member."""
    records: list[Record] = []
    seen: set[str] = set()
    order = list(State)
    for component in site.components:
        group = site.headings.get(component.id)
        if group and group.id not in seen:
            seen.add(group.id)
            members = [c for c in site.components if site.headings.get(c.id) == group]
            worst = max((states[c.id] for c in members), key=order.index)
            records.append(_group_record(site, group, members, worst, len(records) + 1))
        records.append(component_record(site, component, states, len(records) + 1))
    return records


def component_record(
    site: Site, component: Component, states: Mapping[str, State], position: int
) -> Record:
    return {
        "id": component.id,
        "name": component.name,
        "status": COMPONENT_STATUS[states[component.id]],
        "created_at": moment(component.created_at),
        "updated_at": moment(component.updated_at),
        "position": position,
        "description": component.description or None,
        "showcase": True,
        "start_date": component.started_at.astimezone(site.zone).date().isoformat(),
        "group_id": heading.id if (heading := site.headings.get(component.id)) else None,
        "page_id": site.page.id,
        "group": False,
        "only_show_if_degraded": False,
    }


def _group_record(
    site: Site,
    group: PageSection | ComponentGroup,
    members: list[Component],
    worst: State,
    position: int,
) -> Record:
    return {
        "id": group.id,
        "name": group.name,
        "status": COMPONENT_STATUS[worst],
        "created_at": moment(min(c.created_at for c in members)),
        "updated_at": moment(max(c.updated_at for c in members)),
        "position": position,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": site.page.id,
        "group": True,
        "only_show_if_degraded": False,
        "components": [c.id for c in members],
    }


def story_records(
    site: Site, stories: Iterable[Story], states: Mapping[str, State]
) -> list[Record]:
    places = {c.id: (place, c) for place, c in enumerate(site.components, start=1)}
    return [_story_record(site, story, states, places) for story in stories]


def _story_record(
    site: Site,
    story: Story,
    states: Mapping[str, State],
    places: Mapping[str, tuple[int, Component]],
) -> Record:
    affected = [places[x.component_id] for x in story.components]
    record = {
        "id": story.id,
        "name": story.title,
        "status": POSTMORTEM if story.post_mortem else story.status.value,
        "created_at": moment(story.started_at),
        "updated_at": moment(story.updated_at),
        "monitoring_at": moment(story.monitoring_at),
        "resolved_at": moment(story.resolved_at),
        "impact": "maintenance" if story.is_maintenance else story.severity or "none",
        "shortlink": site.url + story.path,
        "started_at": moment(story.begins_at),
        "page_id": site.page.id,
        "incident_updates": _update_records(story),
        "components": [component_record(site, c, states, place) for place, c in affected],
    }
    if story.is_maintenance:
        record["scheduled_for"] = moment(story.scheduled_for or story.begins_at)
        record["scheduled_until"] = moment(story.scheduled_until or story.begins_at + OPEN_END)
    if story.post_mortem:
        record |= _post_mortem_fields(story.post_mortem)
    return record


def _post_mortem_fields(post_mortem: PublicPostMortem) -> Record:
    return {
        "postmortem_body": post_mortem.body,
        "postmortem_body_last_updated_at": moment(post_mortem.changed_at),
        "postmortem_published_at": moment(post_mortem.published_at),
        "postmortem_notified_subscribers": post_mortem.is_told,
    }


def _update_records(story: Story) -> list[Record]:
    """The timeline, newest first; a post-mortem has its place in it."""
    records = [update_record(story, update) for update in story.updates]
    if story.post_mortem is None:
        return records
    published_at = story.post_mortem.published_at
    place = sum(update.posted_at > published_at for update in story.updates)
    return [*records[:place], _post_mortem_record(story, story.post_mortem), *records[place:]]


def _post_mortem_record(story: Story, post_mortem: PublicPostMortem) -> Record:
    at, updated_at = post_mortem.published_at, post_mortem.updated_at
    return _entry(post_mortem.id, story, POSTMORTEM, post_mortem.body, at=at, updated_at=updated_at)


def update_record(story: Story, update: PublicUpdate) -> Record:
    record = _entry(
        update.id,
        story,
        update.status.value,
        update.body or update.moved,
        at=update.posted_at,
        updated_at=update.updated_at,
    )
    return {**record, "affected_components": _affected(story, update)}


def _affected(story: Story, update: PublicUpdate) -> list[Record] | None:
    """Return what the update did to components (a resolution restores all of them), or None."""
    found = {
        change.component_id: (change.name, change.before, change.after)
        for change in update.impact_changes
    }
    if story.is_closed and update is story.last_closing:
        over = State.OPERATIONAL.value
        found |= {t.component_id: (t.name, t.state, over) for t in story.components}
    return [
        {
            "code": code,
            "name": name,
            "old_status": COMPONENT_STATUS[State(before)],
            "new_status": COMPONENT_STATUS[State(after)],
        }
        for code, (name, before, after) in found.items()
        if before != after
    ] or None


def _entry(
    id_: str, story: Story, status: str, body: str, *, at: datetime, updated_at: datetime
) -> Record:
    return {
        "id": id_,
        "status": status,
        "body": body,
        "incident_id": story.id,
        "created_at": moment(at),
        "updated_at": moment(updated_at),
        "display_at": moment(at),
        "affected_components": None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }
