from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.roles import Role
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.conftest import signed_in

ADD = "/admin/incidents/incident/add/"


def at(incident: Incident, path: str = "change/") -> str:
    return f"/admin/incidents/incident/{incident.pk}/{path}"


def joined(name: str, role: Role) -> Client:
    """The browser of somebody who has just got that role at Acme."""
    user = User.objects.create_user(f"{name.lower()}@acme.example", role=role, name=name)
    return signed_in("acme.localhost", user.email)


@pytest.fixture
def responder(acme: Tenant) -> Client:
    return joined("Rita", Role.RESPONDER)


@pytest.fixture
def editor(acme: Tenant) -> Client:
    return joined("Edda", Role.EDITOR)


@pytest.fixture
def say(console: Client) -> Callable[..., Any]:
    """Alice's composer: `say(incident, status="identified", body=…)`."""

    def send(incident: Incident, **fields: Any) -> Any:
        return console.post(at(incident, "post/"), {"audience": "public", **fields})

    return send
