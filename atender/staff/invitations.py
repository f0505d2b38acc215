"""How people come in: invited by an admin or the operator, by a link that works once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.refusals import Refused
from atender.roles import Role
from atender.staff import mails
from atender.staff.models import (
    AccessChange,
    AccessEvent,
    Invitation,
    InvitationStatus,
    User,
    address,
)
from atender.tenants.links import console_url
from atender.texts import clean_line
from atender.turns import take_turns

LIFETIME = timedelta(days=7)


class HasAccess(Refused):
    """The person is in already."""


class InvitationOver(Refused):
    """The link was used, withdrawn or is too old."""


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    email: str, *, role: str, by: Actor, at: datetime | None = None
) -> tuple[Invitation, str]:
    """Invite a person by mail and return the invitation with its token, which is kept nowhere.

    An earlier invitation of the same address ends. Raises Refused.
    """
    at = at or timezone.now()
    email = _checked(email, role)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # An address that nobody has yet has no row to lock.
        take_turns(f"inviting {email}")
        if User.objects.active().filter(email=email).exists():
            raise HasAccess(f"{email} has access already; change the role instead.", field="email")
        for earlier in Invitation.objects.filter(email=email, status=InvitationStatus.PENDING):
            revoke(earlier, by=by, at=at)
        invitation = Invitation.objects.create(
            email=email,
            role=role,
            token_digest=digest_of(token),
            created_at=at,
            expires_at=at + LIFETIME,
            **acted_by(by),
        )
        _record(AccessEvent.INVITED, invitation, by=by, at=at, after=role)
        mails.post_invitation(invitation, link=link_of(token))
    return invitation, token


def link_of(token: str) -> str:
    return console_url(f"/invitations/{token}/")


def find(token: str, *, at: datetime | None = None) -> Invitation | None:
    """Return the invitation of a token, or None; raises InvitationOver when it is spent."""
    invitation = Invitation.objects.filter(token_digest=digest_of(token)).first()
    if invitation:
        _check_open(invitation, at or timezone.now())
    return invitation


def accept(invitation: Invitation, *, name: str, password: str, at: datetime | None = None) -> User:
    """Let the invited person in and return him; works once. Raises Refused."""
    at = at or timezone.now()
    name = clean_line(name, field="name", noun="Your name", longest=120)
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        _check_open(invitation, at)
        user = User.objects.select_for_update().filter(email=invitation.email).first()
        if user and user.is_active:
            raise HasAccess("You have access already; log in instead.")
        user = user or User(email=invitation.email, joined_at=at)
        user.name, user.role, user.is_active = name, invitation.role, True
        _check_password(password, user)
        user.set_password(password)
        user.save()
        invitation.status = InvitationStatus.ACCEPTED
        invitation.save(update_fields=["status"])
        _record(AccessEvent.JOINED, invitation, by=user.actor, at=at, after=user.role, user=user)
    return user


def revoke(invitation: Invitation, *, by: Actor, at: datetime | None = None) -> None:
    """Withdraw an invitation that nobody has used; again changes nothing."""
    with transaction.atomic():
        pending = Invitation.objects.filter(pk=invitation.pk, status=InvitationStatus.PENDING)
        if pending.update(status=InvitationStatus.REVOKED):
            _record(AccessEvent.REVOKED, invitation, by=by, at=at or timezone.now())


def _checked(email: str, role: str) -> str:
    email = address(email)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(
            f"'{email[:80]}' is no e-mail address; an example is alice@example.com.", field="email"
        ) from error
    if role not in Role.values:
        raise Refused(f"A role is one of {', '.join(Role.values)}.", field="role")
    return email


def _check_open(invitation: Invitation, at: datetime) -> None:
    if invitation.status == InvitationStatus.ACCEPTED:
        raise InvitationOver("This invitation was used already. Log in with your password.")
    if invitation.status == InvitationStatus.REVOKED:
        raise InvitationOver("This invitation was withdrawn. Ask for a new one.")
    if at >= invitation.expires_at:
        raise InvitationOver("This invitation is older than seven days. Ask for a new one.")


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error


def _record(
    event: AccessEvent,
    invitation: Invitation,
    *,
    by: Actor,
    at: datetime,
    after: str = "",
    user: User | None = None,
) -> None:
    AccessChange.objects.create(
        at=at,
        event=event,
        invitation_id=invitation.pk,
        user_id=user.pk if user else None,
        after=after,
        **acted_by(by),
    )
