"""Whom a person may choose to page: a group at once, or a policy's people one after the other."""

from typing import Any

from alerts.models import EscalationPolicy, NotificationGroup
from atender.ids import ULID

ROWS: dict[str, Any] = {"group": NotificationGroup.objects, "policy": EscalationPolicy.objects}
WORDS = {"group": "At once", "policy": "One after the other"}


def whom_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped for a select; a kind without rows is left out."""
    return [
        (WORDS[kind], named)
        for kind, rows in ROWS.items()
        if (named := [(f"{kind}:{row.pk}", row.name) for row in rows.all()])
    ]


def chosen(whom: str) -> dict[str, Any]:
    """The `group` and the `policy` of a choice as it came in; what is unknown is neither."""
    kind, _, pk = whom.partition(":")
    found: dict[str, Any] = dict.fromkeys(ROWS)
    if kind in ROWS and ULID.fullmatch(pk):
        found[kind] = ROWS[kind].filter(pk=pk).first()
    return found
