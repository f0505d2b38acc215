"""Who has access: the list, and the doors of it that only admins open."""

import pytest
from django.test import Client

from atender.actors import OPERATOR
from atender.staff.invitations import invite
from atender.staff.models import Invitation, User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant

LIST = "/admin/staff/user/"


def test_the_list_says_who_may_what(console: Client, bob: User) -> None:
    invite("dana@acme.example", role="editor", by=OPERATOR)

    html = console.get(LIST).content.decode()

    for told in ("alice@acme.example", "bob@acme.example", "reads everything", "never"):
        assert told in html
    assert "dana@acme.example" in html
    assert "Invite somebody" in html


def test_a_viewer_sees_the_list_and_no_buttons(bobs_console: Client) -> None:
    invite("dana@acme.example", role="editor", by=OPERATOR)

    html = bobs_console.get(LIST).content.decode()

    assert "dana@acme.example" in html
    assert "Invite somebody" not in html
    assert "Withdraw" not in html


def test_an_admin_invites(console: Client) -> None:
    response = console.post(LIST + "invite/", {"email": "dana@acme.example", "role": "responder"})

    assert response.headers["Location"] == LIST
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.by_name) == (
        "dana@acme.example",
        "responder",
        "Alice",
    )


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("bob@acme.example", "viewer", "has access already"),
        ("dana", "viewer", "This is no e-mail address"),
        ("dana@acme.example", "emperor", "none of the choices"),
    ],
)
def test_a_wrong_invitation_stays_on_the_form(
    console: Client, bob: User, email: str, role: str, sentence: str
) -> None:
    response = console.post(LIST + "invite/", {"email": email, "role": role})

    assert sentence in response.content.decode()
    assert not Invitation.objects.exists()


def test_an_admin_withdraws(console: Client) -> None:
    invitation, _ = invite("dana@acme.example", role="editor", by=OPERATOR)
    path = f"{LIST}invitations/{invitation.pk}/revoke/"

    assert console.get(path).status_code == 405
    console.post(path)

    invitation.refresh_from_db()
    assert invitation.status == "revoked"


def test_an_admin_changes_name_and_role(console: Client, bob: User) -> None:
    console.post(f"{LIST}{bob.pk}/change/", {"name": "Robert", "role": "editor"})

    bob.refresh_from_db()
    assert (bob.name, bob.role) == ("Robert", "editor")


def test_a_refusal_is_shown_and_changes_nothing(console: Client, alice: User) -> None:
    path = f"{LIST}{alice.pk}/change/"
    html = console.post(path, {"name": "Al", "role": "viewer"}, follow=True).content.decode()

    assert "This is the only admin" in html
    alice.refresh_from_db()
    assert (alice.name, alice.role) == ("Alice", "admin")


def has_access(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_removing_asks_first(console: Client, bob: User) -> None:
    path = f"{LIST}{bob.pk}/remove/"

    assert "signed out everywhere" in console.get(path).content.decode()
    assert has_access(bob)

    console.post(path)
    assert not has_access(bob)

    console.post(f"{LIST}{bob.pk}/restore/")
    assert has_access(bob)


def test_a_viewer_opens_none_of_these_doors(bobs_console: Client, alice: User, bob: User) -> None:
    invitation, _ = invite("dana@acme.example", role="editor", by=OPERATOR)
    for path in (
        "invite/",
        f"invitations/{invitation.pk}/revoke/",
        f"{bob.pk}/remove/",
        f"{bob.pk}/restore/",
        f"{bob.pk}/change/",
    ):
        response = bobs_console.post(LIST + path, {"role": "admin", "email": "m@acme.example"})
        assert response.status_code == 403, path
    bob.refresh_from_db()
    assert (bob.role, bob.is_active) == ("viewer", True)
    assert Invitation.objects.get().status == "pending"


def test_nobody_is_deleted(console: Client, bob: User) -> None:
    assert console.post(f"{LIST}{bob.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=bob.pk).exists()


def test_a_stranger_is_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        charlie = User.objects.get()
    for path in (f"{charlie.pk}/change/", f"{charlie.pk}/remove/", "rubbish/change/"):
        assert console.get(LIST + path).status_code == 404, path
