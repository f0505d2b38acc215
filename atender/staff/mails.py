"""What is written to staff: invitations and password resets."""

from django.template.loader import render_to_string

from atender.outbound.letters import post
from atender.roles import ROLE_HELP, Role
from atender.staff.models import Invitation
from atender.tenants.links import tenant_name


def post_invitation(invitation: Invitation, *, link: str) -> None:
    text = render_to_string(
        "staff/mail/invitation.txt",
        {
            "invitation": invitation,
            "link": link,
            "tenant": tenant_name(),
            "role_help": ROLE_HELP[Role(invitation.role)],
        },
    )
    post(invitation.email, subject=f"Your access to {tenant_name()} incidents", text=text)


def post_password_reset(email: str, *, link: str) -> None:
    text = render_to_string(
        "staff/mail/password_reset.txt", {"link": link, "tenant": tenant_name()}
    )
    post(email, subject=f"A new password for {tenant_name()} incidents", text=text)
