"""Ports for servers that are told where to listen, and listen a while later."""

import os
import socket
from itertools import count

# Below what systems give out by themselves, which might be given to others before the server is
# there; as many to each worker.
FIRST, ROOM, WORKERS = 20_000, 500, 24
_given = count(os.getpid())


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on; no other worker is given the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST + worker % WORKERS * ROOM
    for _ in range(ROOM):
        port = first + next(_given) % ROOM
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError(f"all ports from {first} on are taken")
