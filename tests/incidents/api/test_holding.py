"""Whether monitors may resolve an incident is a switch of the API."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from incidents.models import Incident
from tests.factories import make_incident

V1 = "/api/v1/incidents"


def patch(api: Client, incident: Incident, **body: Any) -> Any:
    return api.patch(f"{V1}/{incident.pk}", body, content_type="application/json")


def test_it_is_held_and_let_go(api: Client) -> None:
    opened = make_incident(is_auto_created=True)
    assert api.get(f"{V1}/{opened.pk}").json()["hold_auto_resolve"] is False
    for is_held in (True, False):
        answer = patch(api, opened, hold_auto_resolve=is_held)
        assert (answer.status_code, answer.json()["hold_auto_resolve"]) == (200, is_held)
        assert Incident.objects.get().holds_auto_resolve is is_held


def test_what_somebody_opened_is_not_held(api: Client) -> None:
    opened = make_incident()
    refused = patch(api, opened, title="Slower", hold_auto_resolve=True)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "hold_auto_resolve"
    assert "somebody opened this one by hand" in refused.json()["detail"]
    opened.refresh_from_db()
    assert opened.title != "Slower"
    assert not opened.holds_auto_resolve
    # A program that sends back what it has read changes nothing.
    assert patch(api, opened, hold_auto_resolve=False).status_code == 200


def test_it_is_yes_or_no_and_nothing_of_a_new_incident(
    api: Client, post: Callable[..., Any]
) -> None:
    wrong = patch(api, make_incident(severity=None), hold_auto_resolve="maybe")
    assert wrong.status_code == 400
    refused = post(V1, title="Slow", severity=None, hold_auto_resolve=True)
    assert refused.status_code == 400
    assert Incident.objects.count() == 1
