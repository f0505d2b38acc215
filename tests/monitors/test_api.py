"""/monitors and /services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, MonitorLink
from monitors.catalogue import add_monitor
from monitors.configs.watching import EXAMPLES
from monitors.models import Monitor, MonitorKind, Runbook, Service
from tests.conftest import api_client
from tests.factories import STAFF, component, make_key

MONITORS, SERVICES = "/api/v1/monitors", "/api/v1/services"
Post = Callable[..., Any]


def patch(api: Client, path: str, **body: Any) -> Any:
    return api.patch(path, body, content_type="application/json")


def test_a_service_from_beginning_to_end(api: Client, post: Post) -> None:
    made = post(SERVICES, name="Billing", description="Invoices", runbook="## Contacts\nDana")
    assert made.status_code == 201
    path = f"{SERVICES}/{made.json()['id']}"
    assert made["Location"] == path
    assert api.get(path).json() == made.json()
    changed = patch(api, path, name="Invoicing", runbook="").json()
    assert (changed["name"], changed["description"], changed["runbook"]) == (
        "Invoicing",
        "Invoices",
        "",
    )
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert len(api.get(SERVICES).json()["data"]) == 1


def test_a_monitor_from_beginning_to_end(api: Client, post: Post) -> None:
    service = Service.objects.get()
    made = post(
        MONITORS,
        name="checkout",
        kind="http",
        url="https://acme.example/checkout",
        interval_s=30,
        timeout_s=5,
        retries=1,
        regions=["eu-west"],
        service_id=service.id,
        component_ids=[component().id],
        runbook="# Go back",
    )
    assert made.status_code == 201, made.content
    body = made.json()
    path = f"{MONITORS}/{body['id']}"
    assert api.get(path).json() == body
    assert body["interval_s"] == 30
    nothing = {"verdict": "unknown", "error_code": None, "latency_ms": None, "checked_at": None}
    assert body["regions"] == [{"region": "eu-west", **nothing}]
    assert (body["verdict"], body["likely_cause"]) == ("unknown", None)
    assert (body["service_id"], body["component_ids"]) == (service.id, [component().id])
    assert body["runbook"] == "# Go back"

    changed = patch(api, path, service_id=None, component_ids=[], interval_s=60).json()
    assert (changed["service_id"], changed["component_ids"]) == (None, [])
    assert (changed["interval_s"], changed["url"]) == (60, body["url"])
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert AuditEntry.objects.filter(action="monitor.deleted", by_kind="key").exists()


def test_a_name_suffices(post: Post) -> None:
    body = post(MONITORS, name="probe").json()
    assert (body["kind"], body["url"], body["interval_s"]) == ("http", "", 60)


@pytest.mark.parametrize("kind", [kind for kind in MonitorKind.values if kind != "heartbeat"])
def test_what_is_checked_goes_on_saying_where(api: Client, post: Post, kind: str) -> None:
    made = post(MONITORS, name="probe", kind=kind, url=EXAMPLES[kind])
    assert made.status_code == 201, made.content
    path = f"{MONITORS}/{made.json()['id']}"
    refused = patch(api, path, url="")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "url"
    assert EXAMPLES[kind] in refused.json()["detail"]
    assert api.get(path).json()["url"] == EXAMPLES[kind]
    assert patch(api, path, kind="heartbeat", url="").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        (MONITORS, {}, 400, "name"),
        (MONITORS, {"name": "\u200f"}, 422, "name"),
        (MONITORS, {"name": "x" * 121}, 422, "name"),
        (MONITORS, {"name": "a", "kind": "party"}, 400, "kind"),
        (MONITORS, {"name": "a", "interval_s": 4}, 400, "interval_s"),
        (MONITORS, {"name": "a", "interval_s": "60"}, 400, "interval_s"),
        (MONITORS, {"name": "a", "url": "ftp://x"}, 422, "url"),
        (MONITORS, {"name": "a", "regions": "eu"}, 400, "regions"),
        (MONITORS, {"name": "a", "regions": ["E U"]}, 422, "regions"),
        (MONITORS, {"name": "a", "service_id": "01JD0000000000000000000000"}, 422, "service_id"),
        (MONITORS, {"name": "a", "component_ids": ["x"]}, 422, "component_ids"),
        (MONITORS, {"name": "a", "runbook": 7}, 400, "runbook"),
        (SERVICES, {"name": "Platform"}, 422, "name"),
        (SERVICES, {"name": "a", "description": "x" * 501}, 400, "description"),
        (SERVICES, {"name": "a", "runbook": "x" * 50_001}, 400, "runbook"),
    ],
)
def test_bad_input_leaves_nothing(
    api: Client, path: str, body: dict[str, Any], status: int, field: str
) -> None:
    answer = api.post(path, body, content_type="application/json")
    assert answer.status_code == status, answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert (Monitor.objects.count(), Service.objects.count()) == (1, 1)
    assert not Runbook.objects.exists()


def test_a_neighbours_component_and_service_are_unknown(post: Post, globex: Tenant) -> None:
    with in_tenant("globex"):
        theirs = {"service_id": Service.objects.get().id, "component_ids": [component().id]}
    for field, value in theirs.items():
        assert post(MONITORS, name="a", **{field: value}).status_code == 422
    assert not MonitorLink.objects.exists()


def test_who_may(api: Client) -> None:
    monitor, service = Monitor.objects.get(), Service.objects.get()
    keeper, reader = api_client(make_key("monitors")), api_client(make_key("read"))
    for path in (f"{MONITORS}/{monitor.id}", f"{SERVICES}/{service.id}"):
        assert reader.get(path).status_code == 200
        assert patch(reader, path, name="Mine").status_code == 403
        assert patch(keeper, path, name="Renamed").status_code == 200
        assert keeper.delete(path).status_code == 403
        assert api.put(path, {}).status_code == 405
        assert api.delete(path).status_code == 204


def test_the_monitors_of_a_service(api: Client, post: Post) -> None:
    add_monitor("alone", by=STAFF)
    service = Service.objects.get()
    listed = api.get(MONITORS, {"service_id": service.id}).json()["data"]
    assert [row["name"] for row in listed] == ["api probe"]


def test_a_list_costs_the_same_however_long(
    api: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        add_monitor(f"probe {number}", by=STAFF)
    api.get(MONITORS)
    with django_assert_max_num_queries(14):
        assert len(api.get(MONITORS).json()["data"]) == 13


def test_what_is_no_character_is_not_kept(api: Client, post: Post) -> None:
    """JSON may hold half of a surrogate pair, and the database takes none."""
    config = {"keyword": "Your\ud800 basket\x00", "body": "\udfff", "json_path": "$.\ud800a"}
    made = post(MONITORS, name="basket", kind="http", url="https://acme.example/", config=config)
    assert made.status_code == 201, made.content
    kept = Monitor.objects.get(pk=made.json()["id"]).config
    assert (kept["keyword"], kept.get("body", ""), kept["json_path"]) == ("Your basket", "", "$.a")
