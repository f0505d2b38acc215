from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alerts.models import Routing
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
