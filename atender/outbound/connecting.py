"""Connections to hosts that a tenant names: never into the operator's own network.

The address is checked on the socket that is used, after one resolution, so that a name which
changes between check and use gains nothing.
"""

import socket
from time import monotonic

from atender.outbound.addresses import is_public
from atender.outbound.private import may_be_private
from atender.outbound.resolving import Resolver, ask_the_system, resolve


class PrivateTarget(OSError):
    """The host leads to a private, loopback or otherwise reserved address."""


def connect(
    host: str, port: int, *, timeout_s: float, resolver: Resolver = ask_the_system
) -> socket.socket:
    """Open a TCP connection; raises OSError, PrivateTarget where the address is not public.

    `timeout_s` is for finding the address and for all tries together.
    """
    ends_at = monotonic() + timeout_s
    found = resolve(host, timeout_s=timeout_s, resolver=resolver)
    allowed = [a for a in found if may_be_private() or is_public(a)]
    failure: OSError = PrivateTarget(
        f"'{host}' leads into a private network, which is not allowed here."
    )
    for tried, address in enumerate(allowed):
        # An address that does not answer leaves time for the next.
        share_s = (ends_at - monotonic()) / (len(allowed) - tried)
        if share_s <= 0:
            raise TimeoutError(f"'{host}' did not answer in time.")
        try:
            link = socket.create_connection((address, port), timeout=share_s)
        except OSError as error:
            failure = error
        else:
            link.settimeout(timeout_s)
            return link
    raise failure
