"""Ports for servers that are told where to listen, and listen a while later."""

import socket
from functools import cache
from itertools import count

# Below what systems give out by themselves, which might be given to others before the server is
# there; a block to each process that tests, of this run or another on the machine.
FIRST, ROOM, BLOCKS = 20_000, 400, 30
_given = count()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on; no other process is given the same."""
    first, _ = _block()
    for _ in range(ROOM):
        port = first + next(_given) % ROOM
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError(f"all ports from {first} on are taken")


@cache
def _block() -> tuple[int, socket.socket]:
    """The first port of a block that is this process's until it ends, and what says so."""
    for number in range(BLOCKS):
        first = FIRST + number * ROOM
        claim = socket.socket(socket.AF_UNIX)
        try:
            # A name without a file, of Linux: gone with the process.
            claim.bind(f"\0atender-test-ports-{first}")
        except OSError:
            claim.close()
            continue
        return first, claim
    raise AssertionError("too many processes test on this machine")
