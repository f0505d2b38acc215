"""Which key opens which door: the table of scopes, written down once more and tried."""

from typing import Any

import pytest
from django.test import Client

from atender.api.keys import find_key, issue_key, revoke_key
from atender.api.models import ApiKey, Scope
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.api.test_filters import VIEWS
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key

# The first word of an address below /api/v1/, and the scope that suffices for it.
SCOPES = {
    "alert-channels": "alerts",
    "alerts": "alerts",
    "assist": "assist",
    "checks": "monitors",
    "changes": "incidents",
    "component-groups": "pages",
    "components": "pages",
    "conversation-sources": "assist",
    "conversations": "assist",
    "contact-methods": "alerts",
    "deliveries": "subscribers",
    "escalation-policies": "alerts",
    "outgoing-messages": "assist",
    "notification-groups": "alerts",
    "schedules": "alerts",
    "drafts": "incidents",
    "inbound-sources": "alerts",
    "incidents": "incidents",
    "maintenance-series": "incidents",
    "maintenances": "incidents",
    "monitors": "monitors",
    "reports": "read",
    "services": "monitors",
    "slack": "admin",
    "status-pages": "pages",
    "subscribers": "subscribers",
    "templates": "incidents",
    "waves": "assist",
}
FLAT = sorted(r for r in VIEWS if "<" not in r and r.startswith("api/v1/"))
DOORS = [(r, m) for r in FLAT for m in ("get", "post") if hasattr(VIEWS[r], m)]


def suffices(scope: str, route: str, method: str) -> bool:
    wanted = SCOPES[route.split("/")[2]]
    if wanted == "monitors" and "checks" in route and method == "post":
        wanted = "probes"
    return scope in (wanted, "admin") or (scope == "read" and method == "get")


@pytest.mark.parametrize("scope", Scope.values)
def test_a_scope_opens_its_doors_and_no_other(scope: str, acme: Tenant) -> None:
    program = api_client(make_key(scope))
    for route, method in DOORS:
        response = getattr(program, method)(f"/{route}", {}, content_type="application/json")
        is_open = response.status_code != 403
        assert is_open == suffices(scope, route, method), (route, method, response.content)


@pytest.mark.parametrize("scope", sorted(set(Scope.values) - {"incidents.delete", "admin"}))
def test_deleting_wants_more_than_any_other_scope(scope: str, acme: Tenant) -> None:
    incident = make_incident()
    program = api_client(make_key(scope))
    for path in ("", f"/updates/{incident.updates.get().id}"):
        refused = program.delete(f"/api/v1/incidents/{incident.id}{path}")
        assert refused.status_code == 403
        assert "incidents.delete" in refused.json()["detail"]
    assert Incident.objects.kept().count() == 1


def test_a_reader_of_secrets_finds_none(api: Client) -> None:
    """No list answers a key's text, its digest or a password."""
    _, text = issue_key("other", scopes=["read"], by=STAFF)
    digest = ApiKey.objects.get(name="other").digest
    for route, method in DOORS:
        if method == "get":
            body = api.get(f"/{route}").content.decode()
            assert text not in body
            assert digest not in body
            assert "password" not in body


def test_a_revoked_key_opens_nothing_from_the_next_request_on(acme: Tenant) -> None:
    key, text = issue_key("deploys", scopes=["read"], by=STAFF)
    program = api_client(text)
    assert program.get("/api/v1/components").status_code == 200
    revoke_key(key, by=STAFF)
    refused = program.get("/api/v1/components")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")
    assert not refused.has_header("RateLimit")


def test_use_is_noted_once_a_minute(acme: Tenant, django_assert_num_queries: Any) -> None:
    _, text = issue_key("deploys", scopes=["read"], by=STAFF)
    find_key(text)
    first = ApiKey.objects.get().last_used_at
    find_key(text)
    assert first
    assert ApiKey.objects.get().last_used_at == first


@pytest.mark.parametrize("text", ["", "atn_", "atn_' OR 1=1 --", "x" * 10_000, "ключ", "\udcff"])
def test_what_is_no_key_opens_nothing(acme: Tenant, text: str) -> None:
    make_key()
    assert find_key(text) is None


def test_a_list_costs_as_much_for_one_as_for_two_hundred(
    api: Client, django_assert_num_queries: Any
) -> None:
    path = "/api/v1/incidents?status=all&limit=200"
    make_incident("Incident number 0")
    api.get(path)  # Which hosts there are is read at the first request alone.
    with django_assert_num_queries(5):
        assert len(api.get(path).json()["data"]) == 1
    for number in range(1, 200):
        make_incident(f"Incident number {number}", components=(), pages=())
    with django_assert_num_queries(5):
        assert len(api.get(path).json()["data"]) == 200
