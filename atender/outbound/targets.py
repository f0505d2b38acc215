"""URLs that people and programs hand in for this installation to call."""

import ipaddress
import re
from urllib.parse import urlsplit

import httpx2

from atender.outbound.addresses import is_public
from atender.outbound.private import may_be_private
from atender.refusals import Refused

SCHEMES = {"http": 80, "https": 443}
LONGEST = 2048
LONGEST_HOST = 253
FIRST_FREE_PORT = 1024
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?")


class PrivateAddress(Refused):
    """The host is a private address in figures."""


def check_url(text: str, *, field: str = "url") -> httpx2.URL:
    """Return a URL that may be called, without its fragment; raises Refused.

    Where its host leads is checked again when it is called, on the address that is connected to.
    """
    url = _read(text.strip(), field)
    if url.scheme not in SCHEMES:
        raise Refused("An address begins with http:// or https://.", field=field)
    if url.userinfo:
        raise Refused(
            "An address holds no user name or password; they would be kept readable.", field=field
        )
    _check_host(url.raw_host.decode("ascii"), field)
    port = port_of(url)
    if port not in SCHEMES.values() and not FIRST_FREE_PORT <= port <= 65_535:
        raise Refused(
            f"Port {port} belongs to another kind of server; "
            "the ports are 80, 443, and 1024 to 65535.",
            field=field,
        )
    return url.copy_with(fragment=None)


def is_web_address(url: str) -> bool:
    """Whether it leads to a host by HTTP; build servers often have names without a dot."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def port_of(url: httpx2.URL) -> int:
    return SCHEMES[url.scheme] if url.port is None else url.port


def _read(text: str, field: str) -> httpx2.URL:
    if len(text) > LONGEST:
        raise Refused(
            f"An address has at most {LONGEST} characters; this one has {len(text)}.", field=field
        )
    try:
        return httpx2.URL(text)
    except httpx2.InvalidURL as error:
        raise Refused(
            "This is no address; one looks like https://status.example.com.", field=field
        ) from error


def _check_host(host: str, field: str) -> None:
    if _is_literal(host):
        if not may_be_private() and not is_public(host):
            raise PrivateAddress(
                f"'{host}' lies in a private network, which is not allowed here.", field=field
            )
    elif len(host) > LONGEST_HOST or ".." in host or not HOST.fullmatch(host):
        raise Refused(
            "The address names no host; one looks like https://status.example.com.", field=field
        )


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
