"""Whom a body names to be called."""

from collections.abc import Mapping
from typing import Any

from alerts.models import EscalationPolicy, NotificationGroup
from atender.api.fields import IdField
from atender.api.reading import record_named
from atender.api.strict import Body


class Whom(Body):
    notification_group_id = IdField(
        required=False,
        allow_null=True,
        help_text="Its people and channels are called once, all at the same time.",
    )
    escalation_policy_id = IdField(
        required=False,
        allow_null=True,
        help_text="Its steps are called one after the other, until somebody has it or nobody is "
        "left.",
    )


def whom(body: Mapping[str, Any]) -> dict[str, Any]:
    """The `group` and the `policy` of a body; an unknown or foreign id is a 422."""
    return {
        "group": record_named(NotificationGroup.objects.all(), body, "notification_group_id"),
        "policy": record_named(EscalationPolicy.objects.all(), body, "escalation_policy_id"),
    }
