"""A real HTTP server on 127.0.0.1 that answers, byte by byte, whatever a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class HangUp(Exception):
    """Raised by an answer to close the connection in the middle."""


Answering = Callable[[Request], bytes | Iterable[bytes]]


def reply(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """A whole and honest answer."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class WebServer:
    """Answers with what `answering` returns or yields for a request, and remembers requests."""

    def __init__(self, answering: Answering, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        # Those that it has closed itself.
        self.ended = 0
        self._answering = answering
        self._tls = tls
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._links: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Waking the thread in accept() takes more than closing the socket under it.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for link in self._links:
            link.close()

    @property
    def paths(self) -> list[str]:
        return [request.target for request in self.requests]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                link, _ = self._server.accept()
                self.connections += 1
                self._links.append(link)
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with suppress(OSError, HangUp, ValueError):
            if self._tls:
                link = self._tls.wrap_socket(link, server_side=True)
            with link, link.makefile("rb") as incoming:
                while line := incoming.readline():
                    self._answer(link, _read(line, incoming))
        self.ended += 1

    def _answer(self, link: socket.socket, request: Request) -> None:
        self.requests.append(request)
        answer = self._answering(request)
        for piece in [answer] if isinstance(answer, bytes) else answer:
            link.sendall(piece)


def _read(line: bytes, incoming: Iterable[bytes]) -> Request:
    method, target, _ = line.decode("latin-1").split()
    headers = {}
    for field in incoming:
        if not field.strip():
            break
        name, _, value = field.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    body = incoming.read(length) if length else b""  # type: ignore[attr-defined]
    return Request(method, target, headers, body)
