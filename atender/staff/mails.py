"""What is written to staff: invitations and password resets."""

from django.template.loader import render_to_string

from atender.roles import ROLE_HELP, Role
from atender.staff.models import Invitation, User
from atender.staff.signals import letter_written
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
    subject = f"Your access to {tenant_name()} incidents"
    letter_written.send(Invitation, to=invitation.email, subject=subject, text=text)


def post_password_reset(email: str, *, link: str) -> None:
    text = render_to_string(
        "staff/mail/password_reset.txt", {"link": link, "tenant": tenant_name()}
    )
    subject = f"A new password for {tenant_name()} incidents"
    letter_written.send(User, to=email, subject=subject, text=text)
