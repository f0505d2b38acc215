"""What a host serves, and the copy of the whole directory that outlives the database."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path

from django.conf import settings

from atender.tenants.models import HostKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """What a host serves: a tenant's console, or one of its pages."""

    host: str
    schema: str
    tenant_id: str
    tenant_name: str
    kind: HostKind
    page_id: str | None


# A tenth of what `astuple` takes, which copies whatever may lie deeper.
columns_of = attrgetter(*(field.name for field in fields(Address)))


def keep_addresses(addresses: Mapping[str, Address]) -> None:
    """Write the directory down for a process that starts without a database."""
    file = _file()
    half = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half.write_text(json.dumps([columns_of(address) for address in addresses.values()]))
        half.replace(file)
    except OSError as error:
        log.warning("the directory of hosts cannot be kept: %s", error)


def kept_addresses() -> dict[str, Address]:
    """Read what was written down last; empty when there is nothing to read."""
    try:
        rows = json.loads(_file().read_text())
        addresses = [
            Address(host, schema, tenant_id, name, HostKind(kind), page_id)
            for host, schema, tenant_id, name, kind, page_id in rows
        ]
    except (OSError, ValueError, TypeError, IndexError):
        return {}
    return {address.host: address for address in addresses}


def _file() -> Path:
    return Path(settings.EDGE_HOME) / "hosts.json"
