"""The page behind an invitation's link."""

import pytest
from django.test import Client

from atender.actors import OPERATOR
from atender.staff.invitations import invite
from atender.staff.models import User
from atender.tenants.models import Tenant

GIVEN = {"name": "Dana", "password": "correct horse battery", "repeated": "correct horse battery"}


@pytest.fixture
def outsider(acme: Tenant) -> Client:
    return Client(HTTP_HOST="acme.localhost")


@pytest.fixture
def link(acme: Tenant) -> str:
    _, token = invite("dana@acme.example", role="viewer", by=OPERATOR)
    return f"/invitations/{token}/"


def test_looking_changes_nothing(outsider: Client, link: str) -> None:
    for method in ("get", "head", "get"):
        assert getattr(outsider, method)(link).status_code == 200
    assert not User.objects.filter(email="dana@acme.example").exists()
    assert outsider.get(link).headers["Cache-Control"].find("no-store") >= 0


def test_the_form_lets_one_in_and_logs_one_in(outsider: Client, link: str) -> None:
    response = outsider.post(link, GIVEN)

    assert response.headers["Location"] == "/admin/"
    assert outsider.get("/admin/").status_code == 200


def test_a_used_link_says_so(outsider: Client, link: str) -> None:
    outsider.post(link, GIVEN)
    again = Client(HTTP_HOST="acme.localhost").get(link)

    assert again.status_code == 410
    assert "used already" in again.content.decode()


def test_an_unknown_link_is_a_sentence(outsider: Client, link: str) -> None:
    for path in (link[:-3] + "/", "/invitations/x/"):
        response = outsider.post(path, GIVEN)
        assert response.status_code == 404
        assert "not valid" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"repeated": "another"}, "The two passwords differ"),
        ({"password": "short", "repeated": "short"}, "too short"),
        ({"name": ""}, "required"),
    ],
)
def test_wrong_input_stays_on_the_page(
    outsider: Client, link: str, change: dict[str, str], sentence: str
) -> None:
    response = outsider.post(link, {**GIVEN, **change})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not User.objects.filter(email="dana@acme.example").exists()


def test_a_form_sent_from_elsewhere_is_refused(acme: Tenant, link: str) -> None:
    strict = Client(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)

    assert strict.post(link, GIVEN).status_code == 403


def test_a_neighbours_link_is_unknown_here(link: str, globex: Tenant) -> None:
    assert Client(HTTP_HOST="globex.localhost").get(link).status_code == 404
