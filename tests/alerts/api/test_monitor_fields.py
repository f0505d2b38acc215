from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alerts.models import Routing
from incidents.models import AuditEntry
from tests.factories import default_page

MONITORS = "/api/v1/monitors"
Post = Callable[..., Any]


def test_a_monitor_says_what_becomes_of_its_failures(post: Post, api: Client) -> None:
    said = {
        "auto_incident": "on",
        "status_page_ids": [default_page().pk],
        "severity": "critical",
        "alert_on": ["down", "degraded"],
    }
    made = post(MONITORS, name="Shop", kind="http", url="https://shop.example", **said)
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in said} == said
    path = f"{MONITORS}/{made.json()['id']}"
    changed = api.patch(path, {"severity": None}, content_type="application/json").json()
    assert (changed["severity"], changed["auto_incident"]) == (None, "on")
    assert changed == api.get(path).json()


def test_unless_told_it_is_an_alert_on_down_and_recovery(post: Post) -> None:
    body = post(MONITORS, name="Shop", kind="http", url="https://shop.example").json()
    assert (body["auto_incident"], body["status_page_ids"], body["severity"], body["alert_on"]) == (
        "off",
        [],
        None,
        ["down", "recovery"],
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"auto_incident": "always"},
        {"severity": "maintenance"},
        {"alert_on": ["up"]},
        {"alert_on": "down"},
        {"status_page_ids": ["01JD0000000000000000000000"]},
    ],
)
def test_what_is_wrong_is_refused_whole(post: Post, wrong: dict[str, Any]) -> None:
    answer = post(MONITORS, name="Shop", kind="http", url="https://shop.example", **wrong)
    assert answer.status_code in (400, 422), answer.content
    assert next(iter(wrong)) in answer.json()["errors"][0]["field"]
    assert not Routing.objects.exists()


def test_a_body_is_one_deed_however_much_of_the_routing_it_names(post: Post, api: Client) -> None:
    made = post(MONITORS, name="Shop", kind="http", url="https://shop.example").json()
    body = {
        "severity": "minor",
        "auto_incident": "on",
        "status_page_ids": [default_page().pk],
        "alert_on": ["down"],
        "escalation_policy_id": None,
    }
    answer = api.patch(f"{MONITORS}/{made['id']}", body, content_type="application/json")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in body} == body
    deed = AuditEntry.objects.get(action="routing.changed", subject_id=made["id"])
    fields = ["alert_on", "auto_incident", "escalation_policy", "pages", "severity"]
    assert deed.details["fields"] == fields
    other = api.patch(f"{MONITORS}/{made['id']}", {"name": "Till"}, content_type="application/json")
    assert other.status_code == 200
    assert AuditEntry.objects.filter(action="routing.changed").count() == 1
