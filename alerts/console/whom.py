"""Whom a person may choose to page: a group at once, or a policy's people one after the other."""

from typing import Any

from django.http import HttpRequest

from alerts.models import EscalationPolicy, NotificationGroup
from alerts.routing import Target
from atender.ids import ULID
from atender.roles import Ability, may

ROWS: dict[str, Any] = {"group": NotificationGroup.objects, "policy": EscalationPolicy.objects}
WORDS = {"group": "At once", "policy": "One after the other"}


def whom_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped for a select; a kind without rows is left out."""
    return [
        (WORDS[kind], named)
        for kind, rows in ROWS.items()
        if (named := [(f"{kind}:{row.pk}", row.name) for row in rows.all()])
    ]


def may_page(request: HttpRequest) -> bool:
    """Whether to offer it: to whoever may, once there is anybody to call."""
    return may(request.user, Ability.ACKNOWLEDGE) and any(rows.exists() for rows in ROWS.values())


def chosen(whom: str) -> dict[str, Any]:
    """The `group` and the `policy` of a choice as it came in; what is unknown is neither."""
    kind, _, pk = whom.partition(":")
    found: dict[str, Any] = dict.fromkeys(ROWS)
    if kind in ROWS and ULID.fullmatch(pk):
        found[kind] = ROWS[kind].filter(pk=pk).first()
    return found


def how_called(target: Target) -> str:
    """Say what follows a page: a group is called once, a policy continues step by step."""
    said = []
    if target.group is not None:
        said.append(f"{target.group} is being called: once, all at the same time.")
    if target.policy is not None:
        said.append(
            f"{target.policy} calls one after the other, until somebody has it or nobody is left."
        )
    return " ".join(said)
