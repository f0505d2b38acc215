"""The same night as it goes otherwise: a person is first, nobody comes, planned work covers it."""

import time
from datetime import UTC, datetime, timedelta

from tests.walkthrough.as_documented import FIX_S, UPDATE_S, finals
from tests.walkthrough.night import PACE, Night, awaited

STEP_S = 300


def a_person_resolves_first(night: Night) -> None:
    """Charlie resolves by hand before the next green tick; nothing is resolved twice."""
    subscriber = "li.wei@example.com"
    page = night.tenant["page_id"]
    monitor = night.watch(
        "Tracking API", "charlie@globex.example", auto_incident="on", status_page_ids=[page]
    )
    incident = night.fail(monitor)
    awaited(lambda: night.paged("charlie@globex.example"))
    night.say("03:14:22", "Charlie is called by mail")
    night.until_after(UPDATE_S)
    said = {"status": "resolved", "body": "We promoted the standby."}
    night.call(f"/incidents/{incident['id']}/updates", said)
    resolved_at = night.incidents_of(monitor)[0]["resolved_at"]
    night.say("03:18:00", "a person resolves it while the check still fails")
    awaited(lambda: night.alerts_of(monitor)[0]["status"] == "acknowledged")
    night.say("03:18:00", "the alert stays open in their hands until the check is green")
    awaited(lambda: "acknowledge" in night.duty.actions)
    night.until_after(FIX_S)
    night.status = 200
    night.say("03:24:00", "the server works again")
    awaited(lambda: night.alerts_of(monitor)[0]["status"] == "resolved")
    (after,) = night.incidents_of(monitor)
    is_right = after["resolved_at"] == resolved_at
    night.say("03:24:xx", "the incident ended when the person said so", is_right=is_right)
    awaited(lambda: list(night.duty.incidents.values()) == ["resolved"])
    is_right = night.duty.actions == ["trigger", "acknowledge", "resolve"]
    night.say("03:24:xx", "PagerDuty is resolved with the same key", is_right=is_right)
    time.sleep(5)
    is_right = finals(night, subscriber, str(incident["title"])) == 1
    night.say("03:24:xx", "one last mail, and not two", is_right=is_right)


def nobody_takes_it(night: Night) -> None:
    """Alice, five minutes later Bob, then Dana, and at last the last resort."""
    people = [f"{name}@acme.example" for name in ("alice", "bob", "dana")]
    monitor = night.watch("Search", *people, last=people[0], auto_incident="draft")
    night.fail(monitor)
    for level, address in enumerate(people):
        awaited(lambda address=address: night.paged(address), STEP_S / PACE + 60)  # type: ignore[misc]
        assert night.failed_at is not None
        after = (datetime.now(UTC) - night.failed_at).total_seconds()
        others = [who for who in people[level + 1 :] if night.paged(who)]
        is_right = not others and abs(after - level * STEP_S / PACE) < 20
        night.say(f"+{level * 5} min", f"level {level + 1}: {address} is called", is_right=is_right)
    awaited(lambda: len(night.paged(people[0])) == 2, STEP_S / PACE + 60)
    night.say("+15 min", "the last resort is called")
    (alert,) = night.alerts_of(monitor)
    night.say("+15 min", "nobody has it, and it says so", is_right=alert["status"] == "triggered")
    night.status = 200
    awaited(lambda: night.incidents_of(monitor)[0]["status"] == "resolved")
    awaited(lambda: "resolve" in night.duty.actions)
    calls = [len(night.paged(who)) for who in people]
    is_right = calls == [2, 1, 1] and night.duty.actions == ["trigger", "resolve"]
    heard = f"calls: {calls}, PagerDuty: {night.duty.actions}"
    night.say("+15 min", f"mended, it resolves by itself; {heard}", is_right=is_right)


def planned_work_covers_it(night: Night) -> None:
    """A window over the component: nobody is called, nothing opens, nothing is left after it."""
    monitor = night.watch("Parcel lockers", "charlie@globex.example", auto_incident="draft")
    now = datetime.now(UTC)
    window = {
        "title": "We move the database",
        "body": "The lockers may answer late.",
        "component_ids": [night.component("Parcel lockers")],
        "scheduled_for": (now + timedelta(seconds=2)).isoformat(),
        "scheduled_until": (now + timedelta(seconds=FIX_S / PACE + 60)).isoformat(),
        "status_page_ids": [],
    }
    planned = night.call("/maintenances", window)
    awaited(lambda: _status(night, planned["id"]) == "in_progress")
    night.say("03:10", "planned work has begun")
    night.status, night.failed_at = 503, datetime.now(UTC)
    awaited(lambda: night.call(f"/monitors/{monitor}")["verdict"] == "down")
    night.say("03:14:22", "the check fails under it")
    night.until_after(FIX_S)
    night.status = 200
    awaited(lambda: night.call(f"/monitors/{monitor}")["verdict"] == "up")
    night.say("03:24:00", "the server works again, before the window ends")
    awaited(lambda: _status(night, planned["id"]) == "completed", 120)
    time.sleep(5)
    is_right = not night.alerts_of(monitor) and not night.incidents_of(monitor)
    night.say("03:40", "no alert and no incident", is_right=is_right)
    is_right = not night.duty.events and not night.paged("charlie@globex.example")
    night.say("03:40", "nobody was called", is_right=is_right)


def _status(night: Night, maintenance: str) -> str:
    return str(night.call(f"/maintenances/{maintenance}")["status"])
