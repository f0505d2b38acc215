"""Whether monitors may resolve an incident is a switch of the API."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from incidents.models import Incident

V1 = "/api/v1/incidents"


def test_it_is_held_and_let_go(api: Client, post: Callable[..., Any]) -> None:
    made = post(V1, title="Search is slow", severity="minor").json()
    assert made["hold_auto_resolve"] is False
    path = f"{V1}/{made['id']}"
    for is_held in (True, False):
        body = {"hold_auto_resolve": is_held}
        answer = api.patch(path, body, content_type="application/json")
        assert (answer.status_code, answer.json()["hold_auto_resolve"]) == (200, is_held)
        assert Incident.objects.get().holds_auto_resolve is is_held


def test_it_is_yes_or_no_and_nothing_of_a_new_incident(
    api: Client, post: Callable[..., Any]
) -> None:
    path = f"{V1}/{post(V1, title='Search is slow', severity=None).json()['id']}"
    wrong = api.patch(path, {"hold_auto_resolve": "maybe"}, content_type="application/json")
    assert wrong.status_code == 400
    refused = post(V1, title="Slow", severity=None, hold_auto_resolve=True)
    assert refused.status_code == 400
    assert Incident.objects.count() == 1
