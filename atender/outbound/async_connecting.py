"""Connections for whoever makes hundreds of calls at once; guarded as in `connecting`."""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore2

from atender.outbound.addresses import is_public
from atender.outbound.connecting import PrivateTarget
from atender.outbound.private import may_be_private
from atender.outbound.resolving import LOOPBACK

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def open_guarded(host: str, port: int, *, timeout_s: float) -> Streams:
    """Open a TCP connection; raises OSError, PrivateTarget where the address is not public.

    The address that was judged is the one connected to. `timeout_s` is for all tries together.
    """
    async with asyncio.timeout(timeout_s):
        found = await addresses_of(host)
        allowed = [a for a in found if may_be_private() or is_public(a)]
        failure: OSError = PrivateTarget(
            f"'{host}' leads into a private network, which is not allowed here."
        )
        for address in allowed:
            try:
                # An address that does not answer leaves time for the next.
                async with asyncio.timeout(timeout_s / len(allowed)):
                    return await asyncio.open_connection(address, port)
            except OSError as error:
                failure = error
        raise failure


async def addresses_of(host: str) -> Sequence[str]:
    """Ask the operating system, in a thread of the loop's; raises OSError."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return LOOPBACK
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedAsyncBackend(httpcore2.AsyncNetworkBackend):
    """Sockets for the HTTP library. How long everything may take is its caller's to say."""

    def __init__(self, *, connect_s: float) -> None:
        self._connect_s = connect_s

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        return AsyncStream(*await open_guarded(host, port, timeout_s=self._connect_s))


class AsyncStream(httpcore2.AsyncNetworkStream):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            # A server may answer and close before reading everything; its answer still counts.
            raise httpcore2.WriteError(str(error)) from error

    async def aclose(self) -> None:
        # Skip TLS's closing handshake, for which some servers let clients wait for ever.
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._writer.get_extra_info("ssl_object")
        return self._reader.at_eof() if info == "is_readable" else None
