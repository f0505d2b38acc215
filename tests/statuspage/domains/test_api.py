"""/status-pages/{page_id}/domains."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.tenants.links import page_url
from statuspage.domains.claiming import make_primary
from statuspage.models import CustomDomain
from tests.conftest import api_client
from tests.costs import queries_of
from tests.dns_server import NameServer
from tests.factories import STAFF, default_page, make_key, partner_page
from tests.statuspage.domains.making import (
    NAME,
    claimed,
    remove_as_it_is_checked,
    set_record,
    verified,
)

Post = Callable[..., Any]


def url(*parts: str) -> str:
    return "/".join([f"/api/v1/status-pages/{default_page().id}/domains", *parts])


def test_a_domain_from_claim_to_removal(
    api: Client, post: Post, name_server: NameServer, acme: object
) -> None:
    answer = post(url(), name="Status.Bücher.Example")
    assert answer.status_code == 201
    added = answer.json()
    assert answer["Location"] == url(added["id"])
    assert (added["name"], added["readable_name"]) == (
        "status.xn--bcher-kva.example",
        "status.bücher.example",
    )
    proof, way = added["records"]
    assert proof["name"] == "_atender.status.xn--bcher-kva.example"
    assert way["value"] == "status.acme.localhost"
    assert (added["state"], added["finding"], added["primary"]) == ("waiting", "unchecked", False)

    set_record(name_server, CustomDomain.objects.get())
    found = post(url(added["id"], "check")).json()
    assert (found["state"], found["finding"]) == ("verified", "proved")

    def patch(**body: Any) -> Any:
        return api.patch(url(added["id"]), body, content_type="application/json")

    assert patch(primary=True).json()["primary"] is True
    assert api.get(url()).json()["data"] == [api.get(url(added["id"])).json()]
    assert patch(primary=False).json()["primary"] is False
    assert api.delete(url(added["id"])).status_code == 204
    assert api.get(url(added["id"])).status_code == 404


def test_a_second_look_within_seconds_asks_nobody(post: Post, name_server: NameServer) -> None:
    domain = claimed()
    for _ in range(3):
        assert post(url(domain.id, "check")).status_code == 200
    assert len(name_server.asked) == 1


def test_one_that_is_removed_while_it_is_looked_for_is_not_there(
    post: Post, name_server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = claimed()
    set_record(name_server, domain)
    remove_as_it_is_checked(domain, monkeypatch)
    assert post(url(domain.id, "check")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": 7},
        {"name": None},
        {"name": "*.example.com"},
        {"name": "status.acme.localhost"},
        {"name": "x" * 300},
        {"name": "a\x00b.example"},
        {"name": "<b>.example"},
    ],
)
def test_what_is_no_domain_is_refused_by_field(post: Post, body: dict[str, Any]) -> None:
    answer = post(url(), **body)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"
    assert "name" in str(answer.json()["errors"])
    assert not CustomDomain.objects.exists()


def test_only_a_verified_domain_becomes_primary(api: Client) -> None:
    domain = claimed()
    answer = api.patch(url(domain.id), {"primary": True}, content_type="application/json")
    assert answer.status_code == 422
    assert "once it is verified" in answer.json()["detail"]


def test_saying_no_of_one_leaves_the_other_primary(api: Client, name_server: NameServer) -> None:
    first, second = verified(name_server), verified(name_server, "stato.customer.example")
    for domain, primary in ((first, True), (second, False)):
        body = {"primary": primary}
        api.patch(url(domain.id), body, content_type="application/json")
    assert api.get(url(first.id)).json()["primary"] is True


def test_a_domain_is_found_at_its_own_page_alone(api: Client) -> None:
    domain = claimed(page=partner_page())
    assert api.get(url(domain.id)).status_code == 404
    assert api.get(url()).json()["data"] == []


def test_a_reading_key_reads(acme: object) -> None:
    domain = claimed()
    reader = api_client(make_key("read"))
    assert reader.get(url(domain.id)).json()["name"] == NAME
    assert reader.delete(url(domain.id)).status_code == 403
    assert reader.post(url(domain.id, "check")).status_code == 403
    assert CustomDomain.objects.exists()


def test_a_list_costs_the_same_for_one_as_for_many(
    api: Client, console: Client, acme: object
) -> None:
    claimed("one.example.com")
    paths = ((api, url()), (console, "/admin/statuspage/customdomain/"))
    before = [queries_of(*asked) for asked in paths]
    for number in range(30):
        claimed(f"status-{number}.example.com")
    assert [queries_of(*asked) for asked in paths] == before


def test_a_domain_that_links_do_not_name_changes_no_others(
    api: Client, name_server: NameServer, acme: object
) -> None:
    primary, other = verified(name_server), claimed("other.example.com")
    make_primary(primary, by=STAFF)
    answer = api.patch(url(other.id), {"primary": False}, content_type="application/json")
    assert answer.json()["primary"] is False
    assert page_url(default_page().id) == f"https://{NAME}"
