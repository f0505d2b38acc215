"""Answers the proxy in front, on an address that the public never reaches.

Each web process answers from its copy of the directory: no query, and the same while the database
is away. The port is shared by all of them, so that a process more or less changes nothing.
Source: Caddy's `on_demand_tls`, which takes 2xx for yes and everything else for no.
"""

import logging
import os
import socket
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from atender.tenants.addresses import Address
from atender.tenants.directory import Directory, directory

log = logging.getLogger(__name__)

PATH = "/internal/tls-ask"
LONGEST_TARGET = 1000
# A proxy that keeps a connection open gets its thread back after this.
IDLE_S = 30.0
RETRY_S = 5.0


def answer(target: str, addresses: Mapping[str, Address]) -> tuple[HTTPStatus, str]:
    """Say whether a certificate may be had for the name that a request's target asks about."""
    path, _, query = target.partition("?")
    if path != PATH:
        return HTTPStatus.NOT_FOUND, f"Only {PATH} is here."
    try:
        (name,) = parse_qs(query, max_num_fields=5).get("domain", [])
    except ValueError:
        return HTTPStatus.BAD_REQUEST, f"Ask {PATH}?domain=NAME, with one name."
    if name.lower().removesuffix(".") in addresses:
        return HTTPStatus.OK, "It is served here."
    return HTTPStatus.NOT_FOUND, "Nothing is served under this name."


class Asking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Atender", ""
    timeout = IDLE_S
    server: "InternalServer"

    def do_GET(self) -> None:
        if len(self.path) > LONGEST_TARGET:
            self._say(HTTPStatus.BAD_REQUEST, "The address is too long.")
        else:
            self._say(*answer(self.path, self.server.directory.addresses))

    do_HEAD = do_GET  # noqa: N815 - the base class looks for it

    def _say(self, status: HTTPStatus, sentence: str) -> None:
        body = f"{sentence}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Every handshake of a stranger asks; the log is not for them."""


class InternalServer(ThreadingHTTPServer):
    allow_reuse_port = True
    daemon_threads = True

    def __init__(self, host: str, port: int, directory: Directory) -> None:
        self.directory = directory
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Asking)

    def server_bind(self) -> None:
        # The base class's own asks the DNS for the name of the address.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]


class Internal:
    """The listener of this process, started once; a fork starts its own."""

    def __init__(self) -> None:
        self._process = 0

    def start(self) -> None:
        if not settings.INTERNAL_PORT or self._process == os.getpid():
            return
        self._process = os.getpid()
        threading.Thread(target=self._serve, name="internal", daemon=True).start()

    def _serve(self) -> None:
        has_complained = False
        # The port is shared: a process that knows nothing yet must not answer no for the others.
        directory.wait_until_known()
        while True:
            try:
                host, port = settings.INTERNAL_HOST, settings.INTERNAL_PORT
                with InternalServer(host, port, directory) as server:
                    server.serve_forever()
            except OSError as error:
                # Pages are served all the same; certificates of new names wait.
                if not has_complained:
                    log.error("certificates cannot be asked for at %s:%s: %s", host, port, error)
                has_complained = True
            threading.Event().wait(RETRY_S)


internal = Internal()
