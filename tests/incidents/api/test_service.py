"""`service_id` of an incident: given when it is opened, changed afterwards, taken away."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from monitors.models import Service
from tests.incidents.admin.conftest import at


def test_an_incident_is_of_a_service(
    api: Client, post: Callable[..., Any], console: Client, globex: Tenant
) -> None:
    service = Service.objects.get()
    opened = post("/api/v1/incidents", title="Slow", severity=None, service_id=service.id).json()
    assert opened["service_id"] == service.id
    path = f"/api/v1/incidents/{opened['id']}"
    page = console.get(at(Incident.objects.get())).content.decode()
    assert "<dt>Service</dt><dd>Platform " in page

    def patch(service_id: str | None) -> Any:
        return api.patch(path, {"service_id": service_id}, content_type="application/json")

    assert patch(None).json()["service_id"] is None
    assert patch(service.id).json()["service_id"] == service.id
    with in_tenant("globex"):
        theirs = Service.objects.get().id
    assert patch(theirs).status_code == 422
