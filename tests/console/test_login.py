"""Signing in, and what a session of one tenant means on another's console: nothing."""

import pytest
from django.test import Client

from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.factories import PASSWORD


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post("/admin/login/", {"username": email, "password": password}).status_code


def test_the_right_password_opens_the_console(alice: User) -> None:
    client = Client(HTTP_HOST="acme.localhost")

    assert client.get("/admin/").status_code == 302
    assert log_in(client, "  ALICE@acme.example ") == 302
    assert client.get("/admin/").status_code == 200
    alice.refresh_from_db()
    assert alice.last_login is not None


@pytest.mark.parametrize(
    ("email", "password"),
    [("alice@acme.example", "wrong"), ("nobody@acme.example", PASSWORD), ("", "")],
)
def test_anything_else_does_not(acme: Tenant, email: str, password: str) -> None:
    client = Client(HTTP_HOST="acme.localhost")

    assert log_in(client, email, password) == 200
    assert client.get("/admin/").status_code == 302


def test_a_neighbours_password_opens_nothing_here(charlie: User, acme: Tenant) -> None:
    assert log_in(Client(HTTP_HOST="acme.localhost"), charlie.email) == 200
    assert log_in(Client(HTTP_HOST="globex.localhost"), charlie.email) == 302


def test_a_session_of_one_tenant_is_none_on_the_others_console(
    console: Client, globex: Tenant
) -> None:
    assert console.get("/admin/").status_code == 200
    # The same cookie, as a browser would not send it but a thief could.
    stolen = Client(HTTP_HOST="globex.localhost")
    stolen.cookies = console.cookies

    assert stolen.get("/admin/").status_code == 302


def test_a_session_ends_when_the_password_changes(console: Client, alice: User) -> None:
    alice.set_password("quite another pass phrase")
    alice.save()

    assert console.get("/admin/").status_code == 302


def test_a_session_ends_when_access_ends(console: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert console.get("/admin/").status_code == 302


def test_logging_out_ends_the_session(console: Client) -> None:
    assert console.get("/admin/logout/").status_code == 405
    console.post("/admin/logout/")

    assert console.get("/admin/").status_code == 302


def test_a_page_host_has_no_console(visitor: Client) -> None:
    for path in ("/admin/", "/admin/login/", "/mailbox/", "/password-reset/", "/api/v1/incidents"):
        assert visitor.get(path).status_code == 404, path


def test_the_sign_in_page_names_the_company_not_the_product(globex: Tenant) -> None:
    with in_tenant("globex"):
        html = Client(HTTP_HOST="globex.localhost").get("/admin/login/").content.decode()

    assert "Globex" in html
    assert "Forgotten your password?" in html
    assert "Acme" not in html
