"""From a company's script to incidents, by the ordinary verbs."""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from atender.actors import Actor, ActorKind
from atender.tenants.models import Tenant
from incidents.catalogue.components import add_component, add_group
from incidents.catalogue.pages import create_page
from incidents.catalogue.watching import watch_with
from incidents.changes import Source, record_change
from incidents.demo.replay import Step, replay
from incidents.models import Component, Page
from incidents.models.pages import Audience
from monitors.models import Monitor

FOLDER = Path(__file__).parent
ALIVE_FOR = timedelta(days=500)
EDITOR = Actor(ActorKind.PERSON, name="Alice")
PIPELINE = Actor(ActorKind.KEY, name="Release pipeline")


def seed(tenant: Tenant, *, now: datetime) -> dict[str, list[str]]:
    """Write the company's record once; returns its component ids either way."""
    if not Component.objects.exists():
        record = tomllib.loads((FOLDER / f"{tenant.schema_name}.toml").read_text())
        _components(record["groups"], now)
        _partner_page(tenant, record["partners"])
        replay(_steps(record["incidents"], now), pages=Page.objects.all())
        _changes(record.get("changes", ()), now)
    return {"component_ids": [component.id for component in Component.objects.all()]}


def _components(groups: Iterable[dict[str, Any]], now: datetime) -> None:
    for entry in groups:
        group = add_group(entry["name"], by=EDITOR)
        for described in entry["components"]:
            component = add_component(
                described["name"],
                by=EDITOR,
                group=group,
                description=described.get("description", ""),
            )
            watching = Monitor.objects.filter(name__in=described.get("monitors", ()))
            watch_with(component, list(watching), by=EDITOR)
            age = described.get("days")
            born_at = now - (timedelta(days=age) if age else ALIVE_FOR)
            Component.objects.filter(pk=component.pk).update(
                started_at=born_at, created_at=born_at, updated_at=born_at
            )


def _partner_page(tenant: Tenant, names: list[str]) -> None:
    create_page(
        "partners",
        name=f"{tenant.name} for partners",
        by=EDITOR,
        tenant=tenant,
        host=f"partners.{tenant.schema_name}.{settings.PLATFORM_DOMAIN}",
        audience=Audience.PARTNER,
        components=Component.objects.filter(name__in=names),
    )


def _steps(incidents: Iterable[dict[str, Any]], now: datetime) -> Iterator[Step]:
    """Date the record: days ago and a time of day in UTC, then minutes after the start."""
    for entry in incidents:
        yield Step(_moment(entry, now), entry)


def _changes(entries: Iterable[dict[str, Any]], now: datetime) -> None:
    for entry in entries:
        source = Source(entry.get("version", ""), entry.get("url", ""), entry["by"])
        record_change(
            entry["summary"],
            by=PIPELINE,
            kind=entry.get("kind", "deployment"),
            source=source,
            components=list(Component.objects.filter(name__in=entry["components"])),
            happened_at=_moment(entry, now),
        )


def _moment(entry: dict[str, Any], now: datetime) -> datetime:
    day = now.astimezone(UTC).date() - timedelta(days=entry["days_ago"])
    return datetime.combine(day, time.fromisoformat(entry["at"]), UTC)
