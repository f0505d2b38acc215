"""Roles and access of people who are in; a tenant never loses its last admin."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.refusals import Refused
from atender.roles import Role
from atender.staff.models import AccessChange, AccessEvent, User


class LastAdmin(Refused):
    """Nobody would be left who can let people in."""


class OwnAccess(Refused):
    """People do not take their own access away."""


def change_role(user: User, *, role: str, by: Actor, at: datetime | None = None) -> User:
    """Give a person another role; the same role again changes nothing. Raises Refused."""
    if role not in Role.values:
        raise Refused(f"A role is one of {', '.join(Role.values)}.", field="role")
    with transaction.atomic():
        user = _locked(user)
        if role == user.role:
            return user
        _check_leaves_an_admin(user, by, "Ask another admin to change your own role.")
        before, user.role = user.role, role
        user.save(update_fields=["role"])
        _record(AccessEvent.ROLE_CHANGED, user, by=by, at=at, before=before, after=role)
    return user


def remove_access(user: User, *, by: Actor, at: datetime | None = None) -> User:
    """End a person's access, open sessions included; what he wrote stays. Raises Refused."""
    with transaction.atomic():
        user = _locked(user)
        if not user.is_active:
            return user
        _check_leaves_an_admin(user, by, "Ask another admin to remove your own access.")
        user.is_active = False
        user.save(update_fields=["is_active"])
        _record(AccessEvent.REMOVED, user, by=by, at=at, before=user.role)
    return user


def restore_access(user: User, *, by: Actor, at: datetime | None = None) -> User:
    with transaction.atomic():
        user = _locked(user)
        if user.is_active:
            return user
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record(AccessEvent.RESTORED, user, by=by, at=at, after=user.role)
    return user


def _locked(user: User) -> User:
    # Every admin's row as well, in one order: of two admins who demote each other at the same
    # moment the second waits here and then sees that he is the last.
    list(User.objects.admins().select_for_update().order_by("pk"))
    return User.objects.select_for_update().get(pk=user.pk)


def _check_leaves_an_admin(user: User, by: Actor, own: str) -> None:
    is_admin = user.is_active and user.role == Role.ADMIN
    if is_admin and not User.objects.admins().exclude(pk=user.pk).exists():
        raise LastAdmin(
            "This is the only admin. Make somebody else an admin first, then try again.",
            field="role",
        )
    if user.pk == by.id:
        raise OwnAccess(own, field="role")


def _record(
    event: AccessEvent,
    user: User,
    *,
    by: Actor,
    at: datetime | None,
    before: str = "",
    after: str = "",
) -> None:
    AccessChange.objects.create(
        at=at or timezone.now(),
        event=event,
        user_id=user.pk,
        before=before,
        after=after,
        **acted_by(by),
    )
