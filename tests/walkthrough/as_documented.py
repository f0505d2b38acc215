"""03:14:22 it fails, 03:15:10 somebody has it, 03:18 it is identified, 03:24 it works again."""

import re
import time
import urllib.request

from tests.walkthrough.night import PACE, Night, awaited, messages_in

# Seconds after the failing check: the SMS, the click, the update, the repair.
SMS_S, ACK_S, UPDATE_S, FIX_S = 8, 48, 218, 578
NUMBER = "+442079460018"
SUBSCRIBER = "maria.santos@example.com"
WORDS = "Database failover stuck. Manually promoting the standby."
LINK = re.compile(r"http://\S+?(/alerts/take/\S+)")


def walk(night: Night) -> None:
    """PagerDuty is called at once, Alice by SMS after eight seconds, Bob after five minutes."""
    _give_alice_a_phone(night)
    page = night.tenant["page_id"]
    monitor = night.watch(
        "Payments",
        night.tenant["admin_user"],
        "bob@acme.example",
        auto_incident="on",
        status_page_ids=[page],
    )
    incident = night.fail(monitor)
    words = awaited(lambda: on_page(night, "partial_outage"))
    is_right = words == "Partial System Disruption"
    night.say("03:14:22", f"the page says {words}", is_right=is_right)
    awaited(lambda: night.duty.events)
    is_right = night.duty.actions == ["trigger"]
    night.say("03:14:22", "PagerDuty is triggered", is_right=is_right)
    _take(night, monitor)
    _mend(night, monitor, str(incident["id"]))


def _give_alice_a_phone(night: Night) -> None:
    rule = {
        "person": night.tenant["admin_user"],
        "kind": "sms",
        "address": NUMBER,
        "after_s": [max(1, int(SMS_S / PACE))],
    }
    method = night.call("/contact-methods", rule)
    night.call(f"/contact-methods/{method['id']}/code", {})
    (code,) = re.findall(r"\b\d{6}\b", awaited(lambda: messages_in(night.sms))[0])
    night.call(f"/contact-methods/{method['id']}/verify", {"code": code})
    night.sms.requests.clear()


def on_page(night: Night, state: str) -> str:
    """The page's words once the component is in a state there."""
    _, summary = night.demo.call(night.tenant["page"], "/api/v2/summary.json")
    found = {c["name"]: c["status"] for c in summary["components"]}
    return str(summary["status"]["description"]) if found["Payments"] == state else ""


def texts(night: Night) -> list[str]:
    return [text for text in messages_in(night.sms) if f"{night.name} api" in text]


def _take(night: Night, monitor: str) -> None:
    text = awaited(lambda: texts(night))[0]
    night.say("03:14:30", f"SMS: {text[:60]}…", is_right=len(texts(night)) == 1)
    night.until_after(ACK_S)
    request = urllib.request.Request(
        f"{night.demo.base}{LINK.findall(text)[0]}", method="POST", headers={"Host": night.host}
    )
    with urllib.request.urlopen(request) as answer:
        is_taken = answer.status == 200
    (incident,) = night.incidents_of(monitor)
    is_right = is_taken and incident["responder_status"] == "acknowledged"
    is_right = is_right and incident["status"] == "investigating"
    night.say("03:15:10", "acknowledged from the SMS; escalation stops", is_right=is_right)
    awaited(lambda: len(night.duty.events) > 1)
    is_right = night.duty.actions == ["trigger", "acknowledge"]
    night.say("03:15:10", "PagerDuty is acknowledged", is_right=is_right)


def _mend(night: Night, monitor: str, incident_id: str) -> None:
    night.until_after(UPDATE_S)
    said = {"status": "identified", "body": WORDS}
    night.call(f"/incidents/{incident_id}/updates", said)
    status = night.incidents_of(monitor)[0]["status"]
    night.say("03:18:00", f"identified: {WORDS}", is_right=status == "identified")
    night.until_after(FIX_S)
    night.status = 200
    night.say("03:24:00", "the server works again")
    awaited(lambda: night.incidents_of(monitor)[0]["status"] == "resolved")
    (incident,) = night.incidents_of(monitor)
    is_right = incident["responder_status"] == "resolved"
    night.say("03:24:xx", "next tick green; resolved by itself", is_right=is_right)
    page = awaited(lambda: on_page(night, "operational"))
    night.say("03:24:xx", f"the page says {page}", is_right=page == "All Systems Operational")
    awaited(lambda: len(night.duty.events) > 2)
    is_right = list(night.duty.incidents.values()) == ["resolved"] and not night.duty.refused
    night.say("03:24:xx", "PagerDuty is resolved with the same key", is_right=is_right)
    title = str(incident["title"])
    awaited(lambda: finals(night, SUBSCRIBER, title))
    time.sleep(5)
    is_right = finals(night, SUBSCRIBER, title) == 1
    night.say("03:24:xx", "one last mail each", is_right=is_right)
    is_right = not night.paged("bob@acme.example") and len(texts(night)) == 1
    night.say("03:24:xx", "nobody else was called", is_right=is_right)


def finals(night: Night, subscriber: str, title: str) -> int:
    """How often a subscriber was told of its end; they are those of other companies as well."""
    subjects = [str(mail["Subject"]) for mail in night.demo.mails_to(subscriber)]
    return sum("Resolved" in subject and title in subject for subject in subjects)
