"""From a name to addresses, once a connection and within a time."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

Resolver = Callable[[str], Sequence[str]]
LOOPBACK = ("127.0.0.1", "::1")


def ask_the_system(host: str) -> Sequence[str]:
    """Return the addresses that the operating system knows; raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(host: str, *, timeout_s: float, resolver: Resolver = ask_the_system) -> Sequence[str]:
    """Return the addresses of a name, never none; raises OSError, TimeoutError.

    Names under `localhost` are this machine's without being asked for (RFC 6761, section 6.3).
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return LOOPBACK
    found = _within(timeout_s, resolver, host)
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
    return found


def _within(timeout_s: float, resolver: Resolver, host: str) -> Sequence[str]:
    """Ask in a thread of its own: the system's resolver knows no time limit but its own."""
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolver(host))
        except OSError as error:
            answers.put(error)
        except UnicodeError as error:
            answers.put(socket.gaierror(socket.EAI_NONAME, str(error)))

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise TimeoutError(f"The address of '{host}' was not found in time.") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
