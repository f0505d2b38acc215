"""A component that stands twice in one body: which state holds is not for us to choose."""

import pytest
from django.test import Client

from incidents.models import Component
from tests.factories import make_incident

MAINTENANCE = {
    "title": "Databases move",
    "scheduled_for": "2099-01-01T10:00:00Z",
    "scheduled_until": "2099-01-01T11:00:00Z",
}


@pytest.mark.parametrize("what", ["incidents", "updates", "maintenances", "drafts"])
def test_a_component_that_stands_twice_is_refused(api: Client, what: str) -> None:
    incident = make_incident()
    component = Component.objects.get(name="API")
    impacts = [
        {"component_id": component.id, "state": "degraded"},
        {"component_id": component.id.lower(), "state": "major_outage"},
    ]
    address, body = {
        "incidents": ("incidents", {"title": "Slow", "severity": "minor"}),
        "updates": (f"incidents/{incident.id}/updates", {"body": "It is slow."}),
        "maintenances": ("maintenances", MAINTENANCE),
        "drafts": ("drafts", {"title": "Slow"}),
    }[what]
    sent = {**body, "component_impacts": impacts}
    answer = api.post(f"/api/v1/{address}", sent, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"] == [
        {
            "detail": "The component 'API' stands here twice; give it one state.",
            "field": "component_impacts",
        }
    ]
