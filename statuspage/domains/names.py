"""What people type as a domain, and its name in the DNS. Pure: no ORM, no network."""

import re
from ipaddress import ip_address

import idna

from atender.refusals import Refused
from statuspage.models.domains import PROOF_LABEL

# RFC 1035, 2.3.4, less the label below which the proof stands.
LONGEST = 253 - len(f"{PROOF_LABEL}.")
# In other scripts a name may be shorter or longer than its punycode, but not by as much.
LONGEST_TYPED = 1000
EXAMPLE = "an example is status.example.com"


def clean_domain(text: str) -> str:
    """Return the name in lower case and punycode (IDNA 2008, UTS 46); raises Refused."""
    name = text.strip().removesuffix(".")
    shown = name[:60]
    if not name:
        raise refused(f"The domain is missing; {EXAMPLE}.")
    if len(name) > LONGEST_TYPED:
        raise refused(f"A domain has at most {LONGEST} characters; this text has {len(name)}.")
    if "://" in name or set("/@?#:") & set(name):
        _refuse_address(name, shown)
    if "*" in name:
        raise refused("A page has no wildcard; add each name that people will open.")
    if _is_ip(name):
        raise refused(f"'{shown}' is an address; a domain is a name, {EXAMPLE}.")
    try:
        encoded = idna.encode(name, uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise refused(f"'{shown}' is no domain; {EXAMPLE}.") from None
    # Other scripts have dots of their own, which end names too.
    ascii_name = encoded.removesuffix(".")
    if len(ascii_name) > LONGEST:
        raise refused(
            f"A domain has at most {LONGEST} characters here; this one has {len(ascii_name)}."
        )
    # Mapping may make an address of digits in other scripts.
    if "." not in ascii_name or _is_ip(ascii_name) or ascii_name.rpartition(".")[2].isdecimal():
        raise refused(f"'{shown}' is not a whole domain; {EXAMPLE}.")
    return ascii_name


def refused(sentence: str) -> Refused:
    return Refused(sentence, field="name")


def _refuse_address(name: str, shown: str) -> None:
    if _is_ip(name.strip("[]")):
        raise refused(f"'{shown}' is an address; a domain is a name, {EXAMPLE}.")
    host = re.sub(r"^\w+://", "", name).partition("/")[0].rpartition("@")[2].partition(":")[0]
    better = f"write {host[:60]}" if "." in host else EXAMPLE
    raise refused(f"'{shown}' is more than a domain; {better}.")


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def readable(name: str) -> str:
    """Return the name as people write it: beside the punycode, never instead of it."""
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name
