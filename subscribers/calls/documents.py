"""The JSON that a webhook gets: in our own shape, or as hosted status pages send it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from statuspage.reading.stories import PublicUpdate, Story
from statuspage.v2.shapes import (
    COMPONENT_STATUS,
    Record,
    component_record,
    moment,
    story_records,
)
from subscribers.calls.news import News, Scene, StateChange

# Standard Webhooks asks for less than 20 KB.
LARGEST = 20_000
CUT = "…"

Links = Mapping[str, str]


def encoded(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def standard(news: News, links: Links) -> str:
    """`{type, timestamp, data}`; a text that is too long is cut, and `is_cut` says so."""
    data: Record = {
        "page": _page(news),
        "incident": _incident(news),
        "update": _update(news.update) if news.update else None,
        "links": dict(links),
        "is_cut": False,
    }
    record = {"type": news.event, "timestamp": moment(news.told_at), "data": data}
    while len(text := encoded(record).encode()) >= LARGEST:
        data["is_cut"] = True
        if not _shorten(data["update"], "body"):
            parts = data["incident"]["components"]
            data["incident"]["components"] = parts[: len(parts) // 2]
    return text.decode()


def trial_document(page: Record, links: Links, at: datetime) -> str:
    """The document of a test."""
    record = {"page": page, "links": dict(links)}
    return encoded({"type": "test", "timestamp": moment(at), "data": record})


def hosted_page(news: News, links: Links, at: datetime) -> str:
    """The public convention: the incident with its timeline, newest first."""
    scene = news.scene
    (incident,) = story_records(scene.site, [news.story], scene.states)
    record = {**_opening(scene, links, at), "incident": incident}
    while len(text := encoded(record).encode()) >= LARGEST:
        _shorten_timeline(incident)
    return text.decode()


def component_update(change: StateChange, links: Links, at: datetime) -> str:
    """The public convention: what a component's state was and became, and how it stands now."""
    scene, component = change.scene, change.component
    place = 1 + [listed.pk for listed in scene.site.components].index(component.pk)
    record = {
        **_opening(scene, links, at),
        "component_update": {
            "id": change.id,
            "component_id": component.pk,
            "old_status": COMPONENT_STATUS[change.was],
            "new_status": COMPONENT_STATUS[change.became],
            "created_at": moment(change.told_at),
        },
        "component": component_record(scene.site, component, scene.states, place),
    }
    return encoded(record)


def _opening(scene: Scene, links: Links, at: datetime) -> Record:
    return {
        "meta": {
            "unsubscribe": links["unsubscribe"],
            "documentation": f"{scene.url}/api/v2/summary.json",
            "generated_at": moment(at),
        },
        "page": {
            "id": scene.page.pk,
            "status_indicator": scene.banner.indicator,
            "status_description": str(scene.banner.text),
        },
    }


def _shorten_timeline(incident: Record) -> None:
    """Leave out the oldest entries, then components, then the end of the newest text."""
    if incident.pop("postmortem_body", None):
        return
    for name in ("incident_updates", "components"):
        if len(rows := incident[name]) > 1:
            incident[name] = rows[: len(rows) // 2]
            return
    if not _shorten(incident["incident_updates"][0], "body"):
        incident["components"] = []


def _shorten(record: Record | None, name: str) -> bool:
    """Cut a fifth off a text; False if nothing is left."""
    text = record[name].removesuffix(CUT) if record else ""
    if not record or not text:
        return False
    record[name] = text[: len(text) * 4 // 5] + CUT
    return True


def _page(news: News) -> Record:
    site = news.scene.site
    return {"id": site.page.pk, "name": site.branding.shown_title, "url": site.url}


def _incident(news: News) -> Record:
    story = news.story
    return {
        "id": story.id,
        "kind": story.kind.value,
        "title": story.title,
        "status": story.status.value,
        "severity": story.severity.value if story.severity else None,
        "url": news.url,
        "components": _components(story),
        **{name: moment(at) for name, at in _moments(story).items()},
    }


def _components(story: Story) -> list[Record]:
    return [{"id": c.component_id, "name": c.name, "state": c.state} for c in story.components]


def _moments(story: Story) -> Mapping[str, datetime | None]:
    return {
        "started_at": story.started_at,
        "resolved_at": story.resolved_at,
        "scheduled_for": story.scheduled_for,
        "scheduled_until": story.scheduled_until,
        "next_update_by": story.next_update_by,
        "eta": story.eta,
    }


def _update(update: PublicUpdate) -> dict[str, Any]:
    return {
        "id": update.id,
        "status": update.status.value,
        "severity": update.severity.value if update.severity else None,
        "body": update.body or update.moved,
        "posted_at": moment(update.posted_at),
        "edited_at": moment(update.edited_at),
        "next_update_by": moment(update.next_update_by),
        "eta": moment(update.eta),
    }
