"""Changing and ending access; a tenant never loses its last admin."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, transaction

from atender.actors import OPERATOR
from atender.refusals import Refused
from atender.roles import Role
from atender.staff import access
from atender.staff.access import LastAdmin, OwnAccess
from atender.staff.models import AccessChange, User
from atender.tenants.context import connection, in_tenant


@pytest.fixture
def dana(alice: User) -> User:
    """A second admin."""
    return User.objects.create_user("dana@acme.example", role=Role.ADMIN, name="Dana")


def test_a_role_changes_and_is_recorded_once(alice: User, bob: User) -> None:
    access.change_role(bob, role=Role.EDITOR, by=alice.actor)
    access.change_role(bob, role=Role.EDITOR, by=alice.actor)

    bob.refresh_from_db()
    assert bob.role == Role.EDITOR
    change = AccessChange.objects.get()
    assert (change.event, change.before, change.after) == ("role_changed", "viewer", "editor")
    assert (change.user_id, change.by_id, change.by_name) == (bob.pk, alice.pk, "Alice")


def test_a_role_that_is_none_is_refused(alice: User, bob: User) -> None:
    with pytest.raises(Refused, match="viewer, responder, editor, admin"):
        access.change_role(bob, role="emperor", by=alice.actor)
    assert not AccessChange.objects.exists()


@pytest.mark.parametrize("by", ["alice", "operator"])
def test_the_last_admin_stays(alice: User, bob: User, by: str) -> None:
    actor = alice.actor if by == "alice" else OPERATOR
    with pytest.raises(LastAdmin, match="only admin"):
        access.change_role(alice, role=Role.EDITOR, by=actor)
    with pytest.raises(LastAdmin, match="only admin"):
        access.remove_access(alice, by=actor)

    alice.refresh_from_db()
    assert (alice.role, alice.is_active) == (Role.ADMIN, True)
    assert not AccessChange.objects.exists()


def test_an_admin_without_access_does_not_count(alice: User, dana: User) -> None:
    access.remove_access(dana, by=alice.actor)

    with pytest.raises(LastAdmin):
        access.remove_access(alice, by=OPERATOR)


def test_nobody_takes_away_his_own(alice: User, dana: User) -> None:
    with pytest.raises(OwnAccess, match="another admin"):
        access.change_role(alice, role=Role.VIEWER, by=alice.actor)
    with pytest.raises(OwnAccess, match="another admin"):
        access.remove_access(alice, by=alice.actor)

    access.change_role(alice, role=Role.VIEWER, by=dana.actor)
    alice.refresh_from_db()
    assert alice.role == Role.VIEWER


def test_access_ends_and_comes_back(alice: User, bob: User) -> None:
    access.remove_access(bob, by=alice.actor)
    access.remove_access(bob, by=alice.actor)
    access.restore_access(bob, by=alice.actor)
    access.restore_access(bob, by=alice.actor)

    bob.refresh_from_db()
    assert bob.is_active
    events = AccessChange.objects.order_by("id").values_list("event", flat=True)
    assert list(events) == ["removed", "restored"]


def test_two_admins_who_demote_each_other_leave_one(fresh_database: str) -> None:
    with in_tenant("acme"):
        alice = User.objects.get(name="Alice")
        dana = User.objects.create_user("dana@acme.example", role=Role.ADMIN, name="Dana")

    def demote(pair: tuple[User, User]) -> str:
        victim, by = pair
        try:
            with in_tenant("acme"):
                access.change_role(victim, role=Role.VIEWER, by=by.actor)
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        ends = sorted(threads.map(demote, [(alice, dana), (dana, alice)]))

    assert ends == ["LastAdmin", "done"]
    with in_tenant("acme"):
        assert User.objects.admins().count() == 1


def test_addresses_are_kept_once_whatever_their_case(alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Alice@ACME.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Dana@acme.example")
