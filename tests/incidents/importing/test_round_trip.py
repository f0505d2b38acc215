"""Our own page as a source: brought into another tenant, its documents say the same again."""

import json
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.afterwards.post_mortems import publish_post_mortem, start_post_mortem
from incidents.demo import seeding
from incidents.demo.replay import replay
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Component, ComponentGroup, Kind, Page
from incidents.transitions import Saying
from statuspage.models import Branding
from subscribers.models import Notice
from tests.factories import STAFF, default_page
from tests.incidents.importing.making import bring_in
from tests.web_server import Request, WebServer, reply

DOCUMENTS = ("summary", "components", "incidents", "scheduled-maintenances")
PRIVATE = "The old router had the password 'router'."


def clear() -> None:
    Component.objects.all().delete()
    ComponentGroup.objects.all().delete()


def tell_a_story() -> None:
    """The demo's company, and beside its past something that lasts."""
    clear()
    now = timezone.now()
    record = tomllib.loads((seeding.FOLDER / "acme.toml").read_text())
    seeding._components(record["groups"], now)
    replay(seeding._steps(record["incidents"], now), pages=Page.objects.all())
    first, second = Component.objects.order_by("position")[:2]
    facts = Facts(components=[first], pages=[default_page()])
    began = now - timedelta(minutes=50)
    lasting = open_incident(
        "Sign-in fails for some",
        by=STAFF,
        severity="critical",
        facts=facts,
        first=Saying(body="Some cannot sign in.\nWe look into it.", notifies=False),
        at=began,
        started_at=began,
    )
    said = Saying(body=PRIVATE, status="identified", is_public=False, notifies=False)
    post_update(lasting, by=STAFF, saying=said, at=began + timedelta(minutes=10))
    planned = Facts(
        components=[second],
        pages=[default_page()],
        scheduled_for=now + timedelta(days=3),
        scheduled_until=now + timedelta(days=3, hours=2),
    )
    open_incident("New disks", by=STAFF, kind=Kind.MAINTENANCE, facts=planned)
    closed = default_page().incidents.filter(kind="incident", status="resolved").latest("id")
    if not hasattr(closed, "post_mortem"):
        written = start_post_mortem(closed, by=STAFF, body="## What happened\n\nA disk was full.")
        publish_post_mortem(written, by=STAFF)


def read(host: str) -> dict[str, Any]:
    client = Client(HTTP_HOST=host)
    return {name: client.get(f"/api/v2/{name}.json").json() for name in DOCUMENTS}


def without_ids(documents: dict[str, Any]) -> dict[str, Any]:
    """What a document says, apart from ids, addresses and when the rows here were made."""
    names = {c["id"]: c["name"] for c in documents["components"]["components"]}
    planned = documents["scheduled-maintenances"]["scheduled_maintenances"]
    return {
        "status": documents["summary"]["status"],
        "components": [
            (
                c["name"],
                c["status"],
                c["position"],
                c["description"],
                c["start_date"],
                names.get(c["group_id"]),
                [names[member] for member in c.get("components", ())],
            )
            for c in documents["components"]["components"]
        ],
        "incidents": [_said(i) for i in documents["incidents"]["incidents"]],
        "open": [_said(i) for i in documents["summary"]["incidents"]],
        "planned": [_said(i) for i in planned],
    }


def _said(record: dict[str, Any]) -> dict[str, Any]:
    kept = (
        *("name", "status", "impact", "created_at", "started_at", "monitoring_at", "resolved_at"),
        *("scheduled_for", "scheduled_until"),
    )
    return {
        **{key: record.get(key) for key in kept},
        "components": [(c["name"], c["status"]) for c in record["components"]],
        # A change of severity alone leaves an empty line, and is not in these documents.
        "updates": [
            (u["status"], u["body"], u["display_at"])
            for u, before in zip(
                record["incident_updates"], [*record["incident_updates"][1:], None], strict=True
            )
            if u["body"] or before is None or before["status"] != u["status"]
        ],
    }


@pytest.fixture
def documents(acme: Tenant, settings: Settings) -> dict[str, Any]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    tell_a_story()
    return read("status.acme.localhost")


@pytest.fixture
def source(documents: dict[str, Any]) -> Iterator[WebServer]:
    def answer(request: Request) -> bytes:
        name = request.target.removeprefix("/api/v2/").partition(".json")[0]
        return reply(json.dumps(documents[name]).encode())

    with WebServer(answer) as server:
        yield server


def test_what_comes_back_says_the_same(
    documents: dict[str, Any], source: WebServer, globex: Tenant
) -> None:
    assert len(documents["incidents"]["incidents"]) > 10
    with in_tenant("globex"):
        clear()
        # As the source's: what it calls recent and how it counts days is its own affair.
        Branding.objects.update(time_zone="UTC")
        run = bring_in(source)
        assert (run.state, run.remarks) == ("done", "")
        assert {kind: set(counts) for kind, counts in run.totals.items()} == {
            "group": {"made"},
            "component": {"made"},
            "incident": {"made"},
            "maintenance": {"made"},
        }
        again = without_ids(read("status.globex.localhost"))
        assert not Notice.objects.exists()
    before = without_ids(documents)
    for key, said in before.items():
        assert again[key] == said, key
    assert PRIVATE not in json.dumps(again)


def test_a_second_time_changes_nothing(source: WebServer, globex: Tenant) -> None:
    with in_tenant("globex"):
        clear()
        bring_in(source)
        before = without_ids(read("status.globex.localhost"))
        run = bring_in(source)
        assert all(set(counts) == {"unchanged"} for counts in run.totals.values())
        assert without_ids(read("status.globex.localhost")) == before
