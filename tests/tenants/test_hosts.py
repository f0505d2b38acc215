"""From the Host header to what is served."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from atender.tenants.models import Tenant


@pytest.mark.parametrize(
    "host", ["acme.localhost", "ACME.localhost:8000", "acme.localhost.", "acme.localhost:80"]
)
def test_a_host_is_found_however_it_is_written(acme: Tenant, host: str) -> None:
    assert Client(HTTP_HOST=host).get("/admin/login/").status_code == 200


@pytest.mark.parametrize(
    "host", ["nobody.localhost", "127.0.0.1", "", "acme.localhost.evil.example"]
)
def test_a_host_of_nobody_is_a_sentence(acme: Tenant, host: str) -> None:
    response = Client(HTTP_HOST=host).get("/admin/")

    assert response.status_code == 404
    assert b"No status page is served under this name" in response.content


@pytest.mark.parametrize("host", ["acme.localhost", "status.acme.localhost"])
def test_every_host_says_that_it_is_there(acme: Tenant, host: str) -> None:
    response = Client(HTTP_HOST=host).get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("host", ["acme.localhost", "status.acme.localhost"])
def test_nobody_posts_to_that(acme: Tenant, host: str) -> None:
    client = Client(HTTP_HOST=host, enforce_csrf_checks=True)
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200


def test_the_console_starts_in_the_admin(acme: Tenant) -> None:
    client = Client(HTTP_HOST="acme.localhost")

    assert client.get("/").headers["Location"] == "/admin/"
    for address in ("/manage/incidents", "/manage/incidents/"):
        assert client.get(address).headers["Location"] == "/admin/incidents/incident/"


def test_the_landing_page_is_the_demos_alone(acme: Tenant, settings: Settings) -> None:
    assert Client(HTTP_HOST="localhost").get("/").status_code == 404

    settings.DEMO = True
    assert Client(HTTP_HOST="localhost:8000").get("/").status_code == 200
    assert Client(HTTP_HOST="localhost:8000").get("/admin/").status_code == 404


def test_a_known_host_costs_no_query_of_its_own(
    acme: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client(HTTP_HOST="acme.localhost")
    client.get("/healthz")

    with django_assert_num_queries(0):
        client.get("/healthz")
        Client(HTTP_HOST="nobody.localhost").get("/")
