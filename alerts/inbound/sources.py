"""The verbs of sources: whom alerts come from."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts.models import InboundSource
from alerts.models.inbound import NAME_LENGTH
from atender.actors import Actor
from atender.deeds import note
from atender.locking import locked
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
def change_source(source: InboundSource, *, by: Actor, **changes: Any) -> InboundSource:
    """Change `name`, `service` or `mapping`. Raises Refused."""
    source = locked(InboundSource.objects.all(), source)
    if "name" in changes:
        changes["name"] = source_name(changes["name"])
    for name, value in changes.items():
        setattr(source, name, value)
    source.save()
    note("inbound.changed", source.id, by=by, name=source.name, fields=sorted(changes))
    return source


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
