"""A component that stands twice in one body: which state holds is not for us to choose."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import Component
from tests.alerts.making import probe
from tests.factories import default_page, make_incident

MAINTENANCE = {
    "title": "Databases move",
    "scheduled_for": "2099-01-01T10:00:00Z",
    "scheduled_until": "2099-01-01T11:00:00Z",
}


REFUSED = [
    {
        "detail": "The component 'API' stands here twice; give it one state.",
        "field": "component_impacts",
    }
]


def twice() -> list[dict[str, str]]:
    component = Component.objects.get(name="API")
    return [
        {"component_id": component.id, "state": "degraded"},
        {"component_id": component.id.lower(), "state": "major_outage"},
    ]


@pytest.mark.parametrize("what", ["incidents", "updates", "maintenances", "drafts"])
def test_a_component_that_stands_twice_is_refused(api: Client, what: str) -> None:
    address, body = {
        "incidents": ("incidents", {"title": "Slow", "severity": "minor"}),
        "updates": (f"incidents/{make_incident().id}/updates", {"body": "It is slow."}),
        "maintenances": ("maintenances", MAINTENANCE),
        "drafts": ("drafts", {"title": "Slow"}),
    }[what]
    sent = {**body, "component_impacts": twice()}
    answer = api.post(f"/api/v1/{address}", sent, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"] == REFUSED


@pytest.mark.parametrize("what", ["incidents", "maintenances", "drafts"])
def test_a_change_that_names_one_twice_is_refused_and_changes_nothing(
    api: Client, what: str
) -> None:
    address = made(api, what)
    before = api.get(address).json()
    sent = {"title": "Another", "component_impacts": twice()}
    answer = api.patch(address, sent, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"] == REFUSED
    assert api.get(address).json() == before


@pytest.mark.parametrize("what", ["incidents", "maintenances", "drafts"])
def test_pages_and_monitors_that_stand_twice_are_there_once(api: Client, what: str) -> None:
    page, monitor = default_page().id, probe().id
    sent = {"status_page_ids": [page, page.lower()], "monitor_ids": [monitor, monitor.lower()]}
    for address in (made(api, what, **sent), made(api, what)):
        changed = api.patch(address, sent, content_type="application/json")
        assert changed.status_code == 200, changed.content
        found = api.get(address).json()
        assert found["status_page_ids"] == [page]
        assert found["monitor_ids"] == [monitor]


def made(api: Client, what: str, **sent: Any) -> str:
    body = MAINTENANCE if what == "maintenances" else {"title": "Slow", "severity": "minor"}
    answer = api.post(f"/api/v1/{what}", {**body, **sent}, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return str(answer["Location"])
