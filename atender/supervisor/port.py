import os
import socket
from collections.abc import Mapping

from atender.digits import whole_number

HOST = "127.0.0.1"
DEFAULT_PORT = 8000


class PortTrouble(Exception):
    """The port cannot be used; the message says why and what would help."""


def wanted_port(environment: Mapping[str, str] = os.environ) -> int:
    given = environment.get("PORT", "") or str(DEFAULT_PORT)
    port = whole_number(given, digits=5) or 0
    if not 0 < port < 65536:
        raise PortTrouble(f"PORT is {given!r}; it must be a number from 1 to 65535.")
    return port


def refuse_taken(port: int) -> None:
    """Raise `PortTrouble` where nobody could listen on the port now."""
    with socket.socket() as probe:
        # As servers do, so that connections of an earlier run that still fade away do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise PortTrouble(
                f"Port {port} needs more rights than this user has; "
                "choose one from 1024 on, for example PORT=8000."
            ) from None
        except OSError:
            raise PortTrouble(
                f"Port {port} is taken by another program; "
                f"stop that one, or choose another port: PORT={free_port()} make demo"
            ) from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
