"""A night on call: a real server that is watched and fails, and who is told of it.

PagerDuty and the gateway for text messages are local servers that speak as theirs do.
"""

import json
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.alerts.pagerduty import PagerDuty
from tests.journey.conftest import Demo
from tests.web_server import Request, WebServer, reply

T = TypeVar("T")
PACE = float(os.environ.get("PACE", "1"))
LONGEST_S = 90.0


@dataclass(eq=False)
class Night:
    """What is watched in a tenant under a name; `say` prints a line of its timeline."""

    name: str
    demo: Demo
    tenant: dict[str, Any]
    sms: WebServer
    status: int = 200
    failed_at: datetime | None = None
    wrong: int = 0
    duty: PagerDuty = field(default_factory=PagerDuty)

    def begin(self, stack: ExitStack) -> None:
        stack.enter_context(self.duty)
        self.api = stack.enter_context(WebServer(self._answer))

    def _answer(self, _: Request) -> bytes:
        return reply(b"ok", status=self.status)

    @property
    def host(self) -> str:
        return str(self.tenant["console"])

    def call(self, path: str, body: Any = None, method: str | None = None) -> Any:
        key = self.tenant["api_key"]
        status, said = self.demo.call(self.host, f"/api/v1{path}", body, key, method)
        assert status < 300, (path, status, said)
        return said

    def say(self, documented: str, what: str, *, is_right: bool = True) -> None:
        now = datetime.now(UTC)
        after = f"+{(now - self.failed_at).total_seconds():6.1f} s" if self.failed_at else " " * 9
        self.wrong += not is_right
        print(
            f"{'ok ' if is_right else 'NOT'} {f'{now:%H:%M:%S.%f}'[:-3]} {after}",
            f"[{self.name}] ({documented}) {what}",
            flush=True,
        )

    def until_after(self, seconds: float) -> None:
        assert self.failed_at is not None
        passed = (datetime.now(UTC) - self.failed_at).total_seconds()
        time.sleep(max(0.0, seconds / PACE - passed))

    def watch(self, component: str, *steps: str, last: str | None = None, **more: Any) -> str:
        """Watch the server with a group of PagerDuty's and a policy of its own."""
        address = self.duty.integration_url
        channel = self.call(
            "/alert-channels", {"name": self.name, "kind": "pagerduty", "address": address}
        )
        group = self.call(
            "/notification-groups", {"name": self.name, "channel_ids": [channel["id"]]}
        )
        policy: dict[str, Any] = {
            "name": self.name,
            "steps": [{"wait_s": max(1, int(300 / PACE)), "people": [who]} for who in steps],
        }
        if last is not None:
            everybody = {"name": f"{self.name}, everybody", "people": [last]}
            made = self.call("/notification-groups", everybody)
            policy["last_resort_group_id"] = made["id"]
        body = {
            "name": f"{self.name} api",
            "kind": "http",
            "url": f"{self.api.base}/health",
            "interval_s": 10,
            "retries": 1,
            "component_ids": [self.component(component)],
            "notification_group_id": group["id"],
            "escalation_policy_id": self.call("/escalation-policies", policy)["id"],
            **more,
        }
        monitor = str(self.call("/monitors", body)["id"])
        awaited(lambda: self.call(f"/monitors/{monitor}")["verdict"] == "up")
        return monitor

    def component(self, name: str) -> str:
        rows = self.call("/components?limit=100")["data"]
        return str(next(row["id"] for row in rows if row["name"] == name))

    def incidents_of(self, monitor: str) -> list[Any]:
        rows = self.call("/incidents?status=all&limit=50")["data"]
        return [row for row in rows if monitor in row["monitor_ids"]]

    def alerts_of(self, monitor: str) -> list[Any]:
        rows = self.call("/alerts?limit=50")["data"]
        return [row for row in rows if row["monitor_id"] == monitor]

    def fail(self, monitor: str) -> Any:
        """Break the server and answer the incident that opens by itself."""
        self.status = 503
        (incident,) = awaited(lambda: self.incidents_of(monitor))
        self.failed_at = datetime.fromisoformat(incident["started_at"])
        is_right = incident["auto_created"] and incident["responder_status"] == "triggered"
        what = f"check fails; “{incident['title']}” opened by itself"
        self.say("03:14:22", what, is_right=is_right)
        return incident

    def paged(self, address: str) -> list[Any]:
        """Mails that called somebody for this night."""
        named = f"{self.name} api"
        return [m for m in self.demo.mails_to(address) if named in str(m["Subject"])]


def awaited(found: Callable[[], T], seconds: float = LONGEST_S) -> T:
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)
    return value


def messages_in(sms: WebServer) -> list[str]:
    return [str(json.loads(request.body)["message"]) for request in sms.requests]
