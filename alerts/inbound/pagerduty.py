"""PagerDuty's own webhook (version 3): who takes or ends it there, does so here.

https://developer.pagerduty.com/docs/db0fa8c8984fc-overview; `incident_key` is the key that our
event had.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts.inbound.reports import Unreadable
from alerts.models import Alert
from alerts.together import Ending, acknowledge_all, resolve_all
from atender.actors import Actor, ActorKind
from atender.ids import ULID

ACKNOWLEDGED, RESOLVED = "incident.acknowledged", "incident.resolved"


@transaction.atomic
def take_in_event(body: Any, *, source_id: str, at: datetime | None = None) -> int:
    """Acknowledge or resolve our alerts; returns how many changed. Raises Unreadable.

    An event of another kind, or of an incident that is none of ours, changes nothing.
    """
    event = body.get("event") if isinstance(body, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(event.get("event_type"), str):
        raise Unreadable(
            "The body has no 'event' with an 'event_type'; this address takes PagerDuty's "
            "webhook, version 3.",
            field="event",
        )
    data = event.get("data")
    key = str(data.get("incident_key") or "") if isinstance(data, Mapping) else ""
    if event["event_type"] not in (ACKNOWLEDGED, RESOLVED) or not ULID.fullmatch(key):
        return 0
    by = Actor(ActorKind.KEY, source_id, _agent(event))
    alerts = Alert.objects.open().filter(escalation=key.upper())
    if event["event_type"] == ACKNOWLEDGED:
        return len(acknowledge_all(alerts, by=by, at=at))
    at = at or timezone.now()
    return len(resolve_all(Ending(alert, by, at, "Resolved in PagerDuty.") for alert in alerts))


def _agent(event: Mapping[str, Any]) -> str:
    agent = event.get("agent")
    name = agent.get("summary") if isinstance(agent, Mapping) else None
    words = " ".join(str(name or "").replace("\0", "").split())[:80]
    return f"{words} in PagerDuty" if words else "PagerDuty"
