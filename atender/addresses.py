"""What is an e-mail address here."""

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from atender.refusals import Refused

# The longest that SMTP carries. RFC 5321, 4.5.3.1.
ADDRESS_LENGTH = 254
validate_email = EmailValidator(allowlist=[])
EXAMPLE = "an example is you@example.com"


def clean_address(text: str) -> str:
    """Return a sendable address, its domain in lower-case ASCII; raises Refused."""
    local, _, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode().lower()}"
        validate_email(address)
    except (ValidationError, UnicodeError):
        shown = text.strip()[:60]
        sentence = f"'{shown}' is no e-mail address" if shown else "The e-mail address is missing"
        raise Refused(f"{sentence}; {EXAMPLE}.", field="email") from None
    # Quoted local parts are legal and used only to smuggle control characters into headers.
    if '"' in address or not address.isprintable():
        raise Refused(f"An address with quotes cannot be used here; {EXAMPLE}.", field="email")
    if len(address) > ADDRESS_LENGTH:
        raise Refused(
            f"An e-mail address has at most {ADDRESS_LENGTH} characters; "
            f"this one has {len(address)}.",
            field="email",
        )
    return address


def mailbox_of(address: str) -> str:
    """Return what stands for the mailbox behind an address: tags and a provider's dots left out."""
    local, _, domain = address.lower().rpartition("@")
    # A leading plus or minus is part of the name itself.
    local = local[:1] + local[1:].partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
