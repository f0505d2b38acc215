"""The sockets under the HTTP client: guarded when they connect, timed as long as they live."""

import select
import socket
import ssl
from collections.abc import Iterable
from time import monotonic
from typing import Any

import httpcore2

from atender.outbound.connecting import connect
from atender.outbound.resolving import Resolver


class Deadline:
    """When the present request has to be over, however many small steps it takes."""

    def __init__(self) -> None:
        self._ends_at = 0.0

    def start(self, seconds: float) -> None:
        self._ends_at = monotonic() + seconds

    def left_s(self) -> float:
        """Seconds that are left; raises TimeoutError when there are none."""
        left = self._ends_at - monotonic()
        if left <= 0:
            raise TimeoutError("The time for the whole request is over.")
        return left


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects where `connect` allows it, within the deadline of the request."""

    def __init__(self, deadline: Deadline, *, connect_s: float, resolver: Resolver) -> None:
        self._deadline = deadline
        self._connect_s = connect_s
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        limit_s = min(self._connect_s, self._deadline.left_s())
        link = connect(host, port, timeout_s=limit_s, resolver=self._resolver)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return TimedStream(link, self._deadline)


class TimedStream(httpcore2.NetworkStream):
    """A socket whose every step ends with the request's deadline; raises OSError."""

    def __init__(self, link: socket.socket, deadline: Deadline) -> None:
        self._link = link
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._link.settimeout(self._deadline.left_s())
        return self._link.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            self._link.settimeout(self._deadline.left_s())
            try:
                rest = rest[self._link.send(rest) :]
            except (BrokenPipeError, ConnectionResetError) as error:
                # A server may answer and close before reading everything; its answer still counts.
                raise httpcore2.WriteError(str(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        self._link.settimeout(self._deadline.left_s())
        try:
            link = ssl_context.wrap_socket(self._link, server_hostname=server_hostname)
        except OSError:
            self.close()
            raise
        return TimedStream(link, self._deadline)

    def close(self) -> None:
        self._link.close()

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object" if isinstance(self._link, ssl.SSLSocket):
                return self._link
            case "socket":
                return self._link
            case "server_addr":
                return self._link.getpeername()
            case "is_readable":
                return self._is_readable()
        return None

    def _is_readable(self) -> bool:
        """Whether an idle connection has news, which can only be that the server closed it."""
        if self._link.fileno() < 0:
            return True
        poll = select.poll()
        poll.register(self._link, select.POLLIN)
        return bool(poll.poll(0))
