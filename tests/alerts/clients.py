"""What the official clients would send."""

from typing import Any

import pytest
from pagerduty import EventsApiV2Client


class Recording(EventsApiV2Client):
    """PagerDuty's client, whose event is looked at instead of being sent."""

    sent: Any = None

    def post(self, url: str, **sent: Any) -> Any:  # type: ignore[override]
        self.sent = sent["json"]
        raise InterruptedError


def event(routing_key: str, action: str, dedup_key: str, **properties: Any) -> dict[str, Any]:
    """The body of `/v2/enqueue`; the client itself names the routing key last of all."""
    official = Recording(routing_key)
    with pytest.raises(InterruptedError):
        official.send_event(action, dedup_key=dedup_key, **properties)
    return {**official.sent, "routing_key": routing_key}
