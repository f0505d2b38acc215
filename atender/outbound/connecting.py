"""Connections to hosts that a tenant names: never into the operator's own network.

The address is checked on the socket that is used, after one resolution, so that a name which
changes between check and use gains nothing.
"""

import ipaddress
import socket

from django.conf import settings

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateTarget(OSError):
    """The host leads to a private, loopback or otherwise reserved address."""


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.ipv4_mapped:
            ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


def connect(host: str, port: int, *, timeout_s: float) -> socket.socket:
    """Open a TCP connection; raises OSError, PrivateTarget where the address is not public."""
    failure: OSError = PrivateTarget(
        f"'{host}' leads into a private network, which is not allowed here."
    )
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        if not settings.PRIVATE_TARGETS_ALLOWED and not is_public(str(address[0])):
            continue
        link = socket.socket(family, kind, protocol)
        link.settimeout(timeout_s)
        try:
            link.connect(address)
        except OSError as error:
            link.close()
            failure = error
        else:
            return link
    raise failure
