"""Tenants that stand at an earlier release are brought to the present one, several at a time.

Most of the time goes into Python: Django draws up all models anew for each schema. So every
processor takes its share, in a process of its own.
"""

import os
from collections.abc import Sequence
from functools import partial
from multiprocessing import get_context

from atender.tenants import template
from atender.tenants.context import in_public
from atender.tenants.models import Tenant

# For fewer it is not worth a process.
LEAST_EACH = 4


def catch_up(schemas: Sequence[str], wanted: str, *, processes: int | None = None) -> None:
    """Migrate the schemas and note `wanted`, the fingerprint where they then stand, at each.

    Whatever a failing one raises is raised here; those that were done stay done.
    """
    hands = processes or min(os.cpu_count() or 1, len(schemas) // LEAST_EACH)
    bring = partial(_bring, wanted)
    if hands < 2:
        for schema in schemas:
            bring(schema)
        return
    # A fork has Django set up already, and leaves the parent's connections alone (`forking.py`).
    with get_context("fork").Pool(hands) as pool:
        for _ in pool.imap_unordered(bring, schemas):
            pass


def _bring(wanted: str, schema: str) -> None:
    template.migrate(schema)
    with in_public():
        Tenant.objects.filter(schema_name=schema).update(migrated_to=wanted)
