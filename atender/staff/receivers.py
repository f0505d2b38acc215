from typing import Any

from django.dispatch import receiver

from atender.actors import OPERATOR
from atender.roles import Role
from atender.staff.invitations import invite, link_of
from atender.tenants.signals import admin_named


@receiver(admin_named)
def invite_the_first(email: str, **_: Any) -> str:
    _invitation, token = invite(email, role=Role.ADMIN, by=OPERATOR)
    return f"invitation for {email}, once, for seven days: {link_of(token)}"
