"""`make walkthrough`: the documented night, in real time, on a demo of its own.

A real server is watched and made to fail; PagerDuty and the gateway for text messages are local
servers that speak as theirs do. PACE=10 makes every wait a tenth. It ends with 1 where anything is
not as documented.
"""

import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.alerts.pagerduty import PagerDuty
from tests.journey.conftest import Demo, running_demo
from tests.web_server import Request, WebServer, reply

T = TypeVar("T")
PACE = float(os.environ.get("PACE", "1"))
# Seconds after the failing check: the SMS, the click, the update, the repair.
SMS_S, ACK_S, UPDATE_S, FIX_S = 8, 48, 218, 578
NUMBER = "+442079460018"
SUBSCRIBER = "maria.santos@example.com"
WORDS = "Database failover stuck. Manually promoting the standby."
LINK = re.compile(r"http://\S+?(/alerts/take/\S+)")
LONGEST_S = 90.0


class Night:
    """What is watched and who is told; `say` prints a line of the timeline."""

    def __init__(self, demo: Demo, duty: PagerDuty, api: WebServer, sms: WebServer) -> None:
        self.demo, self.duty, self.api, self.sms = demo, duty, api, sms
        self.host, self.key = demo.acme["console"], demo.acme["api_key"]
        self.failed_at: datetime | None = None
        self.wrong = 0

    def call(self, path: str, body: Any = None, method: str | None = None) -> Any:
        status, said = self.demo.call(self.host, f"/api/v1{path}", body, self.key, method)
        assert status < 300, (path, status, said)
        return said

    def say(self, documented: str, what: str, *, is_right: bool = True) -> None:
        now = datetime.now(UTC)
        after = (
            f"+{(now - self.failed_at).total_seconds():6.1f} s" if self.failed_at else "        "
        )
        mark = "ok " if is_right else "NOT"
        self.wrong += not is_right
        print(f"{mark} {now:%H:%M:%S.%f}"[:-3], after, f"({documented})", what, flush=True)

    def until_after(self, seconds: float) -> None:
        assert self.failed_at is not None
        passed = (datetime.now(UTC) - self.failed_at).total_seconds()
        time.sleep(max(0.0, seconds / PACE - passed))

    @property
    def incident(self) -> Any:
        (row,) = self.call("/incidents?status=all&limit=1")["data"]
        return row

    @property
    def messages(self) -> list[str]:
        return [str(json.loads(request.body)["message"]) for request in self.sms.requests]


def awaited(found: Callable[[], T], seconds: float = LONGEST_S) -> T:
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)
    return value


def arrange(night: Night) -> None:
    """PagerDuty is called at once, Alice by SMS after eight seconds, Bob after five minutes."""
    person = night.demo.acme["admin_user"]
    rule = {
        "person": person,
        "kind": "sms",
        "address": NUMBER,
        "after_s": [max(1, int(SMS_S / PACE))],
    }
    method = night.call("/contact-methods", rule)
    night.call(f"/contact-methods/{method['id']}/code", {})
    (code,) = re.findall(r"\b\d{6}\b", awaited(lambda: night.messages)[0])
    night.call(f"/contact-methods/{method['id']}/verify", {"code": code})
    night.sms.requests.clear()
    where = {"name": "PD", "kind": "pagerduty", "address": night.duty.integration_url}
    channel = night.call("/alert-channels", where)
    group = night.call("/notification-groups", {"name": "API", "channel_ids": [channel["id"]]})
    steps = [{"wait_s": 300, "people": [person]}, {"wait_s": 300, "people": ["bob@acme.example"]}]
    policy = night.call("/escalation-policies", {"name": "API", "steps": steps})
    (component,) = [
        c for c in night.call("/components?limit=100")["data"] if c["name"] == "Payments"
    ]
    monitor = {
        "name": "prod-api",
        "kind": "http",
        "url": f"{night.api.base}/health",
        "interval_s": 10,
        "retries": 1,
        "component_ids": [component["id"]],
        "auto_incident": "on",
        "status_page_ids": [night.demo.acme["page_id"]],
        "notification_group_id": group["id"],
        "escalation_policy_id": policy["id"],
    }
    made = night.call("/monitors", monitor)
    awaited(lambda: night.call(f"/monitors/{made['id']}")["verdict"] == "up")


def fail(night: Night, state: dict[str, int]) -> str:
    state["status"] = 503
    before = night.call("/incidents?status=active")["data"]
    assert before == []
    awaited(lambda: night.call("/incidents?status=active")["data"])
    incident = night.incident
    night.failed_at = datetime.fromisoformat(incident["started_at"])
    is_right = incident["auto_created"] and incident["responder_status"] == "triggered"
    night.say("03:14:22", f"check fails; “{incident['title']}” opened by itself", is_right=is_right)
    page = awaited(lambda: on_page(night, "partial_outage"))
    night.say("03:14:22", f"the page says {page}", is_right=page == "Partial System Disruption")
    awaited(lambda: night.duty.events)
    night.say("03:14:22", "PagerDuty is triggered", is_right=night.duty.actions == ["trigger"])
    return str(incident["id"])


def on_page(night: Night, state: str) -> str:
    """The page's words once the component is in a state there."""
    _, summary = night.demo.call(night.demo.acme["page"], "/api/v2/summary.json")
    found = {c["name"]: c["status"] for c in summary["components"]}
    return str(summary["status"]["description"]) if found["Payments"] == state else ""


def take(night: Night) -> None:
    text = awaited(lambda: night.messages)[0]
    night.say("03:14:30", f"SMS: {text[:60]}…", is_right=len(night.messages) == 1)
    night.until_after(ACK_S)
    request = urllib.request.Request(
        f"{night.demo.base}{LINK.findall(text)[0]}", method="POST", headers={"Host": night.host}
    )
    with urllib.request.urlopen(request) as answer:
        is_taken = answer.status == 200
    incident = night.incident
    is_right = is_taken and incident["responder_status"] == "acknowledged"
    is_right = is_right and incident["status"] == "investigating"
    night.say("03:15:10", "acknowledged from the SMS; escalation stops", is_right=is_right)
    awaited(lambda: len(night.duty.events) > 1)
    night.say("03:15:10", "PagerDuty is acknowledged")


def mend(night: Night, incident_id: str, state: dict[str, int]) -> None:
    night.until_after(UPDATE_S)
    said = {"status": "identified", "body": WORDS}
    night.call(f"/incidents/{incident_id}/updates", said)
    night.say("03:18:00", f"identified: {WORDS}", is_right=night.incident["status"] == "identified")
    night.until_after(FIX_S)
    state["status"] = 200
    night.say("03:24:00", "the server works again")
    awaited(lambda: night.incident["status"] == "resolved")
    machines = (night.incident["status"], night.incident["responder_status"])
    night.say(
        "03:24:xx", "next tick green; resolved by itself", is_right=machines == ("resolved",) * 2
    )
    page = awaited(lambda: on_page(night, "operational"))
    night.say("03:24:xx", f"the page says {page}", is_right=page == "All Systems Operational")
    awaited(lambda: len(night.duty.events) > 2)
    is_right = list(night.duty.incidents.values()) == ["resolved"] and not night.duty.refused
    night.say("03:24:xx", "PagerDuty is resolved with the same key", is_right=is_right)
    final = awaited(lambda: finals(night))
    time.sleep(5)
    night.say("03:24:xx", "one last mail each", is_right=final == finals(night) == 1)
    others = night.demo.mails_to("bob@acme.example")
    is_right = not others and len(night.messages) == 1
    night.say("03:24:xx", "nobody else was called", is_right=is_right)


def finals(night: Night) -> int:
    mails = night.demo.mails_to(SUBSCRIBER)
    return sum("Resolved" in str(mail["Subject"]) for mail in mails)


def main() -> int:
    state = {"status": 200}

    def answer(_: Request) -> bytes:
        return reply(b"ok", status=state["status"])

    with ExitStack() as stack:
        duty = stack.enter_context(PagerDuty())
        api = stack.enter_context(WebServer(answer))
        sms = stack.enter_context(WebServer(lambda _: reply(b"{}")))
        gateway = f"json://127.0.0.1:{sms.port}/sms/{{to}}"
        demo = stack.enter_context(running_demo(ATENDER_SMS_GATEWAY=gateway))
        night = Night(demo, duty, api, sms)
        arrange(night)
        incident_id = fail(night, state)
        take(night)
        mend(night, incident_id, state)
        print("As documented." if not night.wrong else f"{night.wrong} not as documented.")
        return min(night.wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
