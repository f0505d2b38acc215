"""Invitations: one person, once, for seven days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from atender.actors import OPERATOR
from atender.outbound.models import Letter
from atender.refusals import Refused
from atender.roles import Role
from atender.staff import access, invitations
from atender.staff.invitations import HasAccess, InvitationOver, accept, find, invite, revoke
from atender.staff.models import AccessChange, Invitation, InvitationStatus, User
from atender.tenants.context import connection, in_tenant
from atender.tenants.models import Tenant

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PASSWORD = "correct horse battery"


def invited(email: str = "dana@acme.example", role: str = Role.EDITOR) -> tuple[Invitation, str]:
    return invite(email, role=role, by=OPERATOR, at=NOW)


def test_an_invitation_lets_its_person_in(acme: Tenant) -> None:
    invitation, token = invited("  Dana@Acme.example ")
    found = find(token, at=NOW)
    assert found == invitation

    user = accept(invitation, name=" Dana   Dee ", password=PASSWORD, at=NOW)

    assert (user.email, user.name, user.role) == ("dana@acme.example", "Dana Dee", "editor")
    assert user.check_password(PASSWORD)
    events = AccessChange.objects.order_by("id").values_list("event", "after")
    assert list(events) == [("invited", "editor"), ("joined", "editor")]


def test_the_mail_holds_the_link_and_the_database_only_its_digest(acme: Tenant) -> None:
    invitation, token = invited()

    letter = Letter.objects.get()
    assert f"/invitations/{token}/" in letter.text
    assert letter.to == "dana@acme.example"
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM outbound_letter")
        assert token not in cursor.fetchone()[0]
    assert token not in invitation.token_digest


def test_a_token_works_once(acme: Tenant) -> None:
    invitation, token = invited()
    accept(invitation, name="Dana", password=PASSWORD, at=NOW)

    with pytest.raises(InvitationOver, match="used already"):
        find(token, at=NOW)
    with pytest.raises(InvitationOver, match="used already"):
        accept(invitation, name="Mallory", password=PASSWORD, at=NOW)
    assert User.objects.get(email="dana@acme.example").name == "Dana"


def test_a_token_ends_after_seven_days(acme: Tenant) -> None:
    invitation, token = invited()
    late = NOW + timedelta(days=7)
    assert find(token, at=late - timedelta(seconds=1))

    with pytest.raises(InvitationOver, match="older than seven days"):
        find(token, at=late)
    with pytest.raises(InvitationOver, match="older than seven days"):
        accept(invitation, name="Dana", password=PASSWORD, at=late)
    assert not User.objects.filter(email="dana@acme.example").exists()


def test_a_tampered_token_is_nobodys(acme: Tenant, globex: Tenant) -> None:
    _, token = invited()

    assert find(token[:-1] + ("A" if token[-1] != "A" else "B"), at=NOW) is None
    assert find("", at=NOW) is None
    with in_tenant("globex"):
        assert find(token, at=NOW) is None


def test_a_withdrawn_invitation_is_over(acme: Tenant) -> None:
    invitation, token = invited()
    revoke(invitation, by=OPERATOR)
    revoke(invitation, by=OPERATOR)

    with pytest.raises(InvitationOver, match="withdrawn"):
        find(token, at=NOW)
    assert AccessChange.objects.filter(event="revoked").count() == 1


def test_inviting_again_ends_the_earlier_link(acme: Tenant) -> None:
    _, old = invited()
    _, new = invited(role=Role.VIEWER)

    with pytest.raises(InvitationOver):
        find(old, at=NOW)
    found = find(new, at=NOW)
    assert found is not None
    assert found.role == Role.VIEWER
    assert Invitation.objects.filter(status=InvitationStatus.PENDING).count() == 1


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("alice@acme.example", "viewer", "has access already"),
        ("ALICE@acme.example", "viewer", "has access already"),
        ("dana", "viewer", "no e-mail address"),
        ("", "viewer", "no e-mail address"),
        ("dana@acme.example", "emperor", "A role is one of"),
    ],
)
def test_what_cannot_be_is_refused(alice: User, email: str, role: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        invite(email, role=role, by=alice.actor)
    assert not Invitation.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [("", PASSWORD, "name"), ("Dana", "short", "password"), ("Dana", "1234567890", "password")],
)
def test_a_bad_name_or_password_leaves_the_invitation_open(
    acme: Tenant, name: str, password: str, field: str
) -> None:
    invitation, token = invited()

    with pytest.raises(Refused) as refused:
        accept(invitation, name=name, password=password, at=NOW)

    assert refused.value.field == field
    assert find(token, at=NOW) is not None
    assert not User.objects.filter(email="dana@acme.example").exists()


def test_one_who_lost_access_comes_back_as_invited(alice: User, bob: User) -> None:
    access.remove_access(bob, by=alice.actor)
    invitation, _ = invite(bob.email, role=Role.RESPONDER, by=alice.actor, at=NOW)

    user = accept(invitation, name="Bob", password=PASSWORD, at=NOW)

    assert user.pk == bob.pk
    assert (user.role, user.is_active) == (Role.RESPONDER, True)


def test_one_who_came_in_meanwhile_is_told(acme: Tenant) -> None:
    invitation, _ = invited()
    User.objects.create_user("dana@acme.example", name="Dana")

    with pytest.raises(HasAccess, match="log in"):
        accept(invitation, name="Dana", password=PASSWORD, at=NOW)


def test_two_clicks_at_once_make_one_person(fresh_database: str) -> None:
    with in_tenant("acme"):
        invitation, _ = invited()

    def click(name: str) -> str:
        try:
            with in_tenant("acme"):
                invitations.accept(invitation, name=name, password=PASSWORD, at=NOW)
        except InvitationOver:
            return "over"
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(click, ["Dana", "Mallory"])) == ["in", "over"]
    with in_tenant("acme"):
        assert User.objects.filter(email="dana@acme.example").count() == 1
