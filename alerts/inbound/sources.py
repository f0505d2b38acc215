"""The verbs of sources: whom alerts come from."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts.models import InboundSource
from alerts.models.inbound import NAME_LENGTH, SourceKind
from atender import meanwhile
from atender.actors import Actor
from atender.deeds import note
from atender.locking import locked
from atender.meanwhile import check_seen
from atender.texts import clean_line
from monitors.models import Service


@transaction.atomic
def add_source(
    name: str,
    kind: str,
    *,
    by: Actor,
    service: Service | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> InboundSource:
    """Make an address for another system's alerts. Raises Refused."""
    token = new_token()
    source = InboundSource.objects.create(
        name=source_name(name),
        kind=kind,
        service=service,
        mapping=dict(mapping or {}),
        token=token,
        digest=digest_of(token),
    )
    note("inbound.added", source.id, by=by, name=source.name)
    return source


@transaction.atomic
def change_source(
    source: InboundSource, *, by: Actor, seen: str | None = None, **changes: Any
) -> InboundSource:
    """Change `name`, `service` or `mapping`.

    `seen` is what its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    source = locked(InboundSource.objects.all(), source)
    if "name" in changes:
        changes["name"] = source_name(changes["name"])
    wanted, what = _wanted(changes), "this source of alerts"
    check_seen(source, wanted, facts=_facts, told=_told, seen=seen, what=what)
    for name, value in changes.items():
        setattr(source, name, value)
    source.save()
    note("inbound.changed", source.id, by=by, name=source.name, fields=sorted(changes))
    return source


def seen_of(source: InboundSource) -> str:
    """Return the digest that says, to `change_source`, that the source was seen as it is."""
    return meanwhile.digest_of(_facts(source))


def _facts(source: InboundSource) -> dict[str, Any]:
    service = source.service_id or ""
    return {"name": source.name, "service": service, "mapping": source.mapping}


def _wanted(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is asked of a source, as its facts would be afterwards."""
    if "service" not in changes:
        return changes
    service = changes["service"]
    return {**changes, "service": service.pk if service else ""}


def _told(source: InboundSource) -> str:
    places = {name: place for name, place in source.mapping.items() if place}
    over = ", ".join(places.pop("resolved_values", ()))
    found = [f"{name.replace('_', ' ')} at {place}" for name, place in places.items()]
    said = [f"It is called “{source.name}”", f"is for {source.service or 'no service'}"]
    # Of other kinds it is known where their words stand.
    if found or source.kind == SourceKind.GENERIC:
        looks = " and ".join(found) if found else "words where they usually stand"
        said.append(f"looks for {looks}")
    if over:
        said.append(f"takes “{over}” as over")
    return f"{', '.join(said)}."


@transaction.atomic
def renew_token(source: InboundSource, *, by: Actor) -> InboundSource:
    """Give a source another address; the one before opens nothing from now on."""
    source = locked(InboundSource.objects.all(), source)
    source.token = new_token()
    source.digest = digest_of(source.token)
    source.save()
    note("inbound.renewed", source.id, by=by, name=source.name)
    return source


@transaction.atomic
def delete_source(source: InboundSource, *, by: Actor) -> None:
    """Close an address; its alerts stay as they are."""
    source = locked(InboundSource.objects.all(), source, to_delete=True)
    note("inbound.deleted", source.id, by=by, name=source.name)
    source.delete()


def find_source(token: str) -> InboundSource | None:
    return InboundSource.objects.select_related("service").filter(digest=digest_of(token)).first()


def note_use(source: InboundSource) -> None:
    """Keep when it was last used, by the minute."""
    now = timezone.now()
    if source.last_used_at is None or (now - source.last_used_at).total_seconds() > 60:
        InboundSource.objects.filter(pk=source.pk).update(last_used_at=now)


def source_name(name: str) -> str:
    return clean_line(name, field="name", noun="A source's name", longest=NAME_LENGTH)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    # The token has 256 random bits, so a plain digest is as good as a slow one.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
