"""A forgotten password: the answer never tells who has access."""

import re

import pytest
from django.test import Client

from atender.outbound.models import Letter
from atender.staff.models import User
from atender.tenants.models import Tenant
from tests.conftest import signed_in

NEW = "correct horse battery"


@pytest.fixture
def outsider(acme: Tenant) -> Client:
    return Client(HTTP_HOST="acme.localhost")


def ask(outsider: Client, email: str) -> str:
    """Ask for a new password and return what the browser then shows, without its token."""
    html = outsider.post("/password-reset/", {"email": email}, follow=True).content.decode()
    return re.sub(r'nonce="[^"]*"|value="\w{64}"', "", html)


def link_in_mail() -> str:
    found = re.search(
        r"https?://acme\.localhost\S*?(/password-reset/\S+)", Letter.objects.get().text
    )
    assert found
    return found[1]


def set_password(outsider: Client, link: str) -> int:
    form = outsider.get(link).headers.get("Location", link)
    given = {"new_password1": NEW, "new_password2": NEW}
    return outsider.post(form, given).status_code


def test_the_answer_is_the_same_for_everybody(outsider: Client, alice: User) -> None:
    User.objects.create_user("gone@acme.example", NEW).__class__.objects.filter(
        email="gone@acme.example"
    ).update(is_active=False)

    answers = {
        ask(outsider, email)
        for email in ("alice@acme.example", "nobody@acme.example", "gone@acme.example")
    }

    assert len(answers) == 1
    assert [letter.to for letter in Letter.objects.all()] == ["alice@acme.example"]


def test_the_link_sets_a_password_and_ends_other_sessions(outsider: Client, alice: User) -> None:
    elsewhere = signed_in("acme.localhost", alice.email)
    ask(outsider, "Alice@acme.example")

    assert set_password(outsider, link_in_mail()) == 302

    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert elsewhere.get("/admin/").status_code == 302


def test_a_link_works_once(outsider: Client, alice: User) -> None:
    ask(outsider, alice.email)
    link = link_in_mail()
    set_password(outsider, link)

    html = Client(HTTP_HOST="acme.localhost").get(link, follow=True).content.decode()
    assert "used already or is older than three days" in html


def test_a_tampered_link_is_none(outsider: Client, alice: User, globex: Tenant) -> None:
    ask(outsider, alice.email)
    link = link_in_mail()

    assert "used already" in outsider.get(link[:-3] + "xy/", follow=True).content.decode()
    elsewhere = Client(HTTP_HOST="globex.localhost")
    assert "used already" in elsewhere.get(link, follow=True).content.decode()


def test_looking_at_the_link_changes_nothing(outsider: Client, alice: User) -> None:
    ask(outsider, alice.email)
    before = alice.password
    outsider.get(link_in_mail(), follow=True)

    alice.refresh_from_db()
    assert alice.password == before
