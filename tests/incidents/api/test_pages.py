"""Pages through the API: made, read, renamed, and what they show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.api.models import Scope
from atender.tenants.context import in_tenant
from atender.tenants.models import Domain, Tenant
from incidents.models import AuditEntry, Component, Page
from tests.conftest import api_client
from tests.factories import component, make_key

PAGES = "/api/v1/status-pages"
Post = Callable[..., Any]


def patch(api: Client, path: str, **body: Any) -> Any:
    return api.patch(path, body, content_type="application/json")


def test_a_page_is_made_under_a_host_of_its_own(post: Post, api: Client) -> None:
    made = post(PAGES, name=" Acme  Europe", slug="eu", component_ids=[component().pk])
    assert made.status_code == 201, made.content
    body = made.json()
    assert made["Location"] == f"{PAGES}/{body['id']}"
    assert (body["name"], body["audience"], body["is_default"]) == ("Acme Europe", "public", False)
    assert body["url"].startswith("http")
    assert "://eu.acme.localhost" in body["url"]
    assert body["component_ids"] == [component().pk]
    assert api.get(made["Location"]).json() == body
    assert body in api.get(PAGES).json()["data"]
    assert AuditEntry.objects.get(action="page.created", subject_id=body["id"]).by_kind == "key"
    seen = Client(HTTP_HOST="eu.acme.localhost").get("/").content.decode()
    assert "Acme Europe" in seen
    assert component().name in seen


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("status", "There is a page 'status' already"),
        ("Europe!", "letters a–z, digits and hyphens"),
        ("", "letters a–z, digits and hyphens"),
        ("-eu", "letters a–z, digits and hyphens"),
        ("e" * 61, "letters a–z, digits and hyphens"),
        ("taken", "'taken.acme.localhost' is taken already"),
    ],
)
def test_a_short_name_that_will_not_do(post: Post, acme: Tenant, slug: str, said: str) -> None:
    Domain.objects.create(tenant=acme, domain="taken.acme.localhost", kind="console")
    before = Page.objects.count()
    refused = post(PAGES, name="Europe", slug=slug)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]
    assert refused.json()["errors"][0]["field"] == "slug"
    assert Page.objects.count() == before


def test_what_it_does_not_know_is_refused_and_leaves_nothing(post: Post) -> None:
    before = Page.objects.count()
    stranger = post(PAGES, name="Europe", slug="eu", component_ids=["01JD0000000000000000000000"])
    assert (stranger.status_code, stranger.json()["errors"][0]["field"]) == (422, "component_ids")
    nobody = post(PAGES, name="Europe", slug="eu", audience="nobody")
    assert nobody.status_code in (400, 422)
    assert "public, partner" in nobody.json()["detail"]
    unnamed = post(PAGES, name=" ", slug="eu")
    assert unnamed.status_code == 422
    assert post(PAGES, name="Europe", slug="eu", colour="red").status_code in (400, 422)
    assert Page.objects.count() == before


def test_it_is_renamed_and_shows_what_is_listed(post: Post, api: Client) -> None:
    path = post(PAGES, name="Europe", slug="eu", component_ids=[component().pk])["Location"]
    renamed = patch(api, path, name="Acme EU", audience="partner").json()
    assert (renamed["name"], renamed["audience"]) == ("Acme EU", "partner")
    assert renamed["component_ids"] == [component().pk]
    every = list(Component.objects.values_list("pk", flat=True))
    assert sorted(patch(api, path, component_ids=every).json()["component_ids"]) == sorted(every)
    assert patch(api, path, component_ids=[]).json()["component_ids"] == []
    assert patch(api, path, slug="us").status_code in (400, 422)


def test_who_may(post: Post, acme: Tenant, globex: Tenant) -> None:
    path = post(PAGES, name="Europe", slug="eu")["Location"]
    reader = api_client(make_key(Scope.READ))
    with in_tenant("globex"):
        stranger_api = api_client(make_key(), "globex.localhost")
    assert stranger_api.get(path).status_code == 404
    assert patch(stranger_api, path, name="Mine").status_code == 404
    assert reader.get(path).status_code == 200
    assert patch(reader, path, name="Mine").status_code == 403
    assert api_client("nobody").get(path).status_code == 401


def test_what_a_change_leaves_out_stays_and_no_change_is_no_record(post: Post, api: Client) -> None:
    path = post(PAGES, name="Europe", slug="eu", component_ids=[component().pk])["Location"]
    made = api.get(path).json()
    assert patch(api, path).json() == made
    assert patch(api, path, name=" Europe ", component_ids=[component().pk]).json() == made
    assert not AuditEntry.objects.filter(action="page.changed").exists()
    assert patch(api, path, audience="partner").json() == made | {"audience": "partner"}
    assert AuditEntry.objects.filter(action="page.changed").count() == 1
