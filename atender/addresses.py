"""What is an e-mail address here."""

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from atender.refusals import Refused

# The longest that SMTP carries. RFC 5321, 4.5.3.1.
ADDRESS_LENGTH = 254
# The longest name before the "@". RFC 5321, 4.5.3.1.
LOCAL_LENGTH = 64
validate_email = EmailValidator(allowlist=[])


def clean_address(text: str, *, field: str = "email") -> str:
    """Return a sendable address, its domain in lower-case ASCII; raises Refused for the field."""
    local, _at, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{_in_ascii(domain)}"
        validate_email(address)
    except (ValidationError, UnicodeError):
        raise Refused(_no_address(text.strip()[:60]), field=field) from None
    # A machine's number instead of a domain leads past the mail's own ways, to whatever is there.
    if domain.startswith("[") or len(local) > LOCAL_LENGTH:
        raise Refused(_no_address(text.strip()[:60]), field=field)
    # Quoted local parts are legal and used only to smuggle control characters into headers.
    if '"' in address or not address.isprintable():
        raise Refused(
            _("An address with quotes cannot be used here; an example is you@example.com."),
            field=field,
        )
    if len(address) > ADDRESS_LENGTH:
        raise Refused(
            _("An e-mail address has at most %(most)d characters; this one has %(count)d.")
            % {"most": ADDRESS_LENGTH, "count": len(address)},
            field=field,
        )
    return address


def _in_ascii(domain: str) -> str:
    """A domain as the DNS has it, by the rules that browsers follow: a sharp s stays one."""
    if domain.isascii():
        return domain.lower()
    # Raises a UnicodeError where no domain is called so.
    return idna.encode(domain, uts46=True).decode().lower()


def mailbox_of(address: str) -> str:
    """Return what stands for the mailbox behind an address: tags and a provider's dots left out."""
    local, _, domain = address.lower().rpartition("@")
    # A leading plus or minus is part of the name itself.
    local = local[:1] + local[1:].partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _no_address(shown: str) -> str:
    if not shown:
        return _("The e-mail address is missing; an example is you@example.com.")
    return _("'%(text)s' is no e-mail address; an example is you@example.com.") % {"text": shown}
