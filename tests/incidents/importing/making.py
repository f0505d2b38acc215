"""Another page's documents, made as a test needs them, and a server that gives them out."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from incidents.importing.documents import Documents, PageDocuments, address_of_page
from incidents.importing.runs import release, start_import, work
from incidents.importing.shapes import entries
from incidents.models import ImportItem, ImportRun
from tests.factories import STAFF, default_page
from tests.web_server import Request, WebServer, reply

Record = dict[str, Any]

BEGIN = datetime(2026, 9, 1, 10, tzinfo=UTC)
PATH = re.compile(r"/api/v2/([a-z/-]+)\.json(?:\?page=(\d+))?")


def iso(minutes: float) -> str:
    """A moment so many minutes after the beginning."""
    return (BEGIN + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def component(external_id: str = "c1", name: str = "Ferry", **facts: Any) -> Record:
    return {"id": external_id, "name": name, "status": "operational", "position": 1, **facts}


def update(external_id: str, status: str, body: str, after: float, **facts: Any) -> Record:
    return {
        "id": external_id,
        "status": status,
        "body": body,
        "created_at": iso(after),
        "display_at": iso(after),
        **facts,
    }


def incident(external_id: str = "i1", name: str = "The ferry is late", **facts: Any) -> Record:
    """Resolved after an hour, unless told otherwise; updates newest first, as is the custom."""
    updates = facts.pop(
        "incident_updates",
        [
            update(f"{external_id}-2", "resolved", "It sails again.", 60),
            update(f"{external_id}-1", "investigating", "It has not left.", 0),
        ],
    )
    latest: Record = next(iter(entries(updates)), {})
    return {
        "id": external_id,
        "name": name,
        "status": latest.get("status", "resolved"),
        "impact": "major",
        "created_at": iso(0),
        "components": [{"id": "c1", "name": "Ferry"}],
        "incident_updates": updates,
        **facts,
    }


def open_incident(external_id: str = "i1", *more: Record, **facts: Any) -> Record:
    """Still under investigation; `more` updates in the order of time."""
    first = update(f"{external_id}-1", "investigating", "It has not left.", 0)
    updates = [*reversed(more), first]
    return incident(external_id, incident_updates=updates, **facts)


def maintenance(external_id: str = "m1", **facts: Any) -> Record:
    updates = facts.pop(
        "incident_updates", [update(f"{external_id}-1", "scheduled", "New planks.", 0)]
    )
    return {
        "id": external_id,
        "name": "New planks on the pier",
        "status": updates[0]["status"],
        "impact": "maintenance",
        "created_at": iso(0),
        "scheduled_for": "2098-01-01T02:00:00Z",
        "scheduled_until": "2098-01-01T04:00:00Z",
        "components": [{"id": "c1", "name": "Ferry"}],
        "incident_updates": updates,
        **facts,
    }


class Elsewhere:
    """A page elsewhere: change its records, and it serves them changed."""

    def __init__(self, *incidents: Record, page_id: str = "elsewhere1", part: int = 50) -> None:
        self.page = {"id": page_id, "name": "Elsewhere", "url": "https://elsewhere.example"}
        self.components: list[Any] = [component()]
        self.incidents: list[Record] = list(incidents)
        self.maintenances: list[Any] = []
        self.part = part

    def __call__(self, request: Request) -> bytes:
        found = PATH.fullmatch(request.target)
        if found is None:
            return reply(b"not here", 404)
        return reply(json.dumps(self.document(found[1], int(found[2] or 1))).encode())

    def document(self, name: str, part: int = 1) -> Record:
        start = (part - 1) * self.part
        lists = {"incidents": self.incidents, "scheduled-maintenances": self.maintenances}
        if name in lists:
            return {
                "page": self.page,
                name.replace("-", "_"): lists[name][start : start + self.part],
            }
        unresolved = [
            i for i in self.incidents if isinstance(i, dict) and i["status"] != "resolved"
        ]
        return {
            "page": self.page,
            "components": self.components,
            "incidents": unresolved,
            "scheduled_maintenances": [],
        }


def bring_in(
    source: Callable[[Request], Any] | WebServer, *, includes_open: bool = True
) -> ImportRun:
    """Import a page from a real server, from the first to the last step."""
    if not isinstance(source, WebServer):
        with WebServer(source) as server:
            return bring_in(server, includes_open=includes_open)
    address = address_of_page(source.base)
    run = start_import(address, page=default_page(), by=STAFF, includes_open=includes_open)
    with PageDocuments(address, pause=lambda _: None) as documents:
        return finish(run, documents)


def finish(run: ImportRun, documents: Documents) -> ImportRun:
    while work(run, documents):
        pass
    release(run)
    run.refresh_from_db()
    return run


def said(run: ImportRun, external_id: str = "i1") -> str:
    """What is said of one record, and what became of it; nothing where there is nothing to say."""
    item = ImportItem.objects.filter(run=run, external_id=external_id).first()
    return f"{item.outcome}: {item.remarks}" if item else ""
