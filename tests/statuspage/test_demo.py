"""The demo's data: what a first look at the product is made of."""

import json
import os
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from alerts.models import Alert
from atender.api.keys import find_key
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from atender.tenants.provisioning import delete_tenant
from incidents.models import Incident, IncidentUpdate, Page, StateInterval

ENTRY = {
    *("schema", "name", "console", "page", "partner_page", "admin_user", "admin_password"),
    *("api_key", "page_id", "component_ids"),
}


@pytest.fixture
def demo(public: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A seeded demo; returns what its file says."""
    for tenant in Tenant.objects.all():
        delete_tenant(tenant)
    monkeypatch.setenv("ATENDER_DEMO_FILE", str(tmp_path / "demo.json"))
    return seeded(tmp_path, monkeypatch, port="8123")


def seeded(folder: Path, monkeypatch: pytest.MonkeyPatch, *, port: str) -> dict[str, Any]:
    monkeypatch.setenv("PORT", port)
    monkeypatch.setenv("ATENDER_POSTGRES_PID", "123")
    call_command("seed_demo")
    assert os.listdir(folder) == ["demo.json"]
    described: dict[str, Any] = json.loads((folder / "demo.json").read_text())
    return described


def test_the_demo(demo: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    describes_itself(demo)
    lets_people_in(demo)
    has_ninety_uneven_days()
    has_nothing_open_and_tells_nobody()
    reads_well(demo)
    goes_on_with_the_same_data(demo, tmp_path, monkeypatch)


def describes_itself(demo: dict[str, Any]) -> None:
    assert demo["base"] == "http://127.0.0.1:8123"
    assert demo["postgres_pid"] == 123
    assert [tenant["schema"] for tenant in demo["tenants"]] == ["acme", "globex"]
    assert all(set(tenant) == ENTRY for tenant in demo["tenants"])
    assert demo["tenants"][0]["partner_page"] == "partners.acme.localhost:8123"


def lets_people_in(demo: dict[str, Any]) -> None:
    for tenant in demo["tenants"]:
        with in_tenant(tenant["schema"]):
            user = User.objects.get(email=tenant["admin_user"])
            assert user.role == "admin"
            assert user.check_password(tenant["admin_password"])
            assert find_key(tenant["api_key"])
            assert Page.objects.get(pk=tenant["page_id"]).is_default


def has_ninety_uneven_days() -> None:
    now = timezone.now()
    with in_tenant("acme"):
        past = Incident.objects.closed().filter(kind="incident").order_by("started_at")
        starts = [incident.started_at for incident in past]
        assert len(starts) >= 14
        assert now - starts[0] > timedelta(days=85)
        assert {incident.severity for incident in past} == {None, "minor", "major", "critical"}
        gaps = {(b - a).days for a, b in pairwise(starts)}
        assert len(gaps) > 4
        assert Incident.objects.filter(kind="maintenance", status="completed").exists()
        assert Incident.objects.filter(
            kind="maintenance", status="scheduled", scheduled_for__gt=now
        ).exists()
        for update in IncidentUpdate.objects.all():
            assert update.created_at == update.posted_at < now
        for incident in past:
            assert_intervals_fit(incident)


def assert_intervals_fit(incident: Incident) -> None:
    """While it was open, and only then, its components were out of operational."""
    assert incident.resolved_at
    for page in incident.pages.all():
        for impact in incident.impacts.filter(component__pages=page):
            found = StateInterval.objects.filter(
                page=page,
                component_id=impact.component_id,
                started_at__gte=incident.started_at,
                ended_at__lte=incident.resolved_at,
            ).order_by("started_at")
            assert found[0].started_at == incident.started_at
            assert list(found)[-1].ended_at == incident.resolved_at


def has_nothing_open_and_tells_nobody() -> None:
    for schema in ("acme", "globex"):
        with in_tenant(schema):
            assert not Incident.objects.active().exists()
            assert not StateInterval.objects.filter(ended_at=None).exists()
            assert not IncidentUpdate.objects.filter(notifies=True).exists()
            assert not Alert.objects.open().exists()
            assert Alert.objects.filter(acknowledged_at__isnull=False).count() > 2
            assert not mail.outbox


def reads_well(demo: dict[str, Any]) -> None:
    for tenant in demo["tenants"]:
        visitor = Client(HTTP_HOST=tenant["page"])
        text = visitor.get("/").content.decode()
        assert "All Systems Operational" in text
        assert "Nothing in the last" not in text
        assert visitor.get("/history").status_code == 200


def goes_on_with_the_same_data(
    demo: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_tenant("acme"):
        before = Incident.objects.count()
    again = seeded(folder, monkeypatch, port="9000")
    assert again["tenants"][0]["page"] == "status.acme.localhost:9000"
    for old, new in zip(demo["tenants"], again["tenants"], strict=True):
        for name in ("admin_password", "api_key", "component_ids", "page_id"):
            assert old[name] == new[name]
    with in_tenant("acme"):
        assert Incident.objects.count() == before
    (folder / "demo.json").unlink()
    lets_people_in(seeded(folder, monkeypatch, port="9000"))
