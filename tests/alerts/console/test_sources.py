"""Sources in the console: an address that is shown once, and bodies tried without an effect."""

import json
import re

import pytest
from django.test import Client

from alerts.inbound.sources import add_source, find_source
from alerts.models import Alert, InboundSource
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.models import Service
from tests.factories import STAFF

LIST = "/on-call/sources/"


def address_in(page: str) -> str:
    found = re.search(r'id="address-text" readonly value="([^"]+)"', page)
    return found[1] if found else ""


def test_its_address_is_shown_once_and_works(console: Client) -> None:
    service = Service.objects.get()
    sent = {
        "name": "Production",
        "kind": "generic",
        "service": service.pk,
        "submission_id": new_ulid(),
    }
    page = console.post(f"{LIST}add/", sent, follow=True).content.decode()
    address = address_in(page)
    assert address.startswith("http")
    source = InboundSource.objects.get()
    assert source.service == service
    assert address_in(console.get(f"{LIST}{source.pk}/").content.decode()) == ""
    path = address.partition("/api/")[2]
    posted = Client(HTTP_HOST="acme.localhost").post(
        f"/api/{path}", {"summary": "The disk is full"}, content_type="application/json"
    )
    assert posted.json()["triggered"] == 1
    console.post(f"{LIST}add/", sent)
    assert InboundSource.objects.count() == 1
    before = source.token
    again = {"submission_id": new_ulid()}
    renewed = console.post(f"{LIST}{source.pk}/renew/", again, follow=True).content.decode()
    assert address_in(renewed) not in ("", address)
    assert find_source(before) is None


def test_a_body_is_tried_and_nothing_comes_of_it(console: Client) -> None:
    source = add_source("Production", "generic", by=STAFF, mapping={"summary": "check.name"})
    path = f"{LIST}{source.pk}/try/"

    def tried(body: str) -> str:
        return console.post(path, {"body": body}).content.decode()

    firing = {"check": {"name": "The disk is full"}, "severity": "critical", "key": "db-1"}
    assert "Would raise: The disk is full" in tried(json.dumps(firing))
    assert "Would end: The disk is full" in tried(json.dumps({**firing, "status": "closed"}))
    assert "nothing at check.name" in tried(json.dumps({"summary": "The disk is full"}))
    assert "This is no JSON" in tried("{")
    assert "This is no JSON" in tried("[" * 100_000)
    assert "object with names" in tried("[]")
    assert not Alert.objects.exists()
    source.refresh_from_db()
    assert source.last_used_at is None


@pytest.mark.parametrize("kind", ["alertmanager", "grafana", "uptimerobot", "generic"])
def test_the_example_is_understood(console: Client, kind: str) -> None:
    source = add_source("Production", kind, by=STAFF)
    body = console.get(f"{LIST}{source.pk}/").context["body"]
    tried = console.post(f"{LIST}{source.pk}/try/", {"body": body}).content.decode()
    assert "Would raise" in tried


def test_the_example_has_its_words_where_the_mapping_looks(console: Client) -> None:
    mapping = {"summary": "check.name", "dedup_key": "check.id", "severity": "level"}
    source = add_source("Production", "generic", by=STAFF, mapping=mapping)
    body = json.loads(console.get(f"{LIST}{source.pk}/").context["body"])
    assert body["check"] == {"name": "The disk of db-1 is full", "id": "db-1-disk"}
    assert (body["level"], body["status"]) == ("critical", "firing")


def test_a_mapping_is_kept_by_its_fields(console: Client) -> None:
    source = add_source("Production", "generic", by=STAFF)
    sent = {"name": "Shop", "service": "", "summary": "check.name", "resolved_values": "gone, over"}
    console.post(f"{LIST}{source.pk}/", sent)
    source.refresh_from_db()
    assert source.mapping == {"summary": "check.name", "resolved_values": ["gone", "over"]}
    shown = console.get(f"{LIST}{source.pk}/").content.decode()
    assert 'value="gone, over"' in shown
    assert console.post(f"{LIST}{source.pk}/", {**sent, "name": ""}).status_code == 422
    console.post(f"{LIST}{source.pk}/", {"name": "Shop"})
    source.refresh_from_db()
    assert source.mapping == {}
    console.post(f"{LIST}{source.pk}/delete/")
    assert not InboundSource.objects.exists()


def test_only_admins_change_sources(bobs_console: Client, globex: Tenant) -> None:
    source = add_source("Production", "generic", by=STAFF)
    shown = bobs_console.get(f"{LIST}{source.pk}/").content.decode()
    assert source.token not in shown
    assert bobs_console.get(f"{LIST}add/").status_code == 403
    for path in ("", "try/", "renew/", "delete/"):
        assert bobs_console.post(f"{LIST}{source.pk}/{path}", {"body": "{}"}).status_code == 403
    with in_tenant("globex"):
        foreign = add_source("Theirs", "generic", by=STAFF)
    assert bobs_console.get(f"{LIST}{foreign.pk}/").status_code == 404
