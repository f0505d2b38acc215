"""HTTP to addresses that people hand in: guarded, timed and bounded.

One connection at a time and no thread of its own: a client belongs to whoever made it.

    with WebClient(WebLimits(total_s=5)) as client:
        answer = client.send("POST", url, headers={"content-type": "application/json"}, body=body)

Only http and https, only public addresses unless the operator allows others, no proxy and no
cookie of the environment, and no redirect unless the limits say how many.
"""

import functools
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Self

import httpcore2
import httpx2

from atender.outbound.resolving import Resolver, ask_the_system
from atender.outbound.streams import Deadline, GuardedBackend
from atender.outbound.targets import check_url
from atender.outbound.unreachable import Reason, Unreachable, telling
from atender.refusals import Refused

USER_AGENT = "Atender-Incidents/1"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# Credentials for one server, never passed on to another.
FOR_ONE_ORIGIN = ("authorization", "cookie", "proxy-authorization")


@dataclass(frozen=True, slots=True)
class WebLimits:
    """`connect_s` ends the search for the host, `total_s` everything, redirects included.

    A body longer than `body_bytes` (decoded) is refused, or cut there where `cuts_body` says so.
    """

    connect_s: float = 5.0
    total_s: float = 10.0
    body_bytes: int = 1_000_000
    cuts_body: bool = False
    redirects: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, of whatever status. The body is for programs: never show it to its asker."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed_s: float
    is_cut: bool = False

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class WebClient:
    def __init__(
        self,
        limits: WebLimits | None = None,
        *,
        resolver: Resolver = ask_the_system,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or WebLimits()
        self._deadline = Deadline()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls or trusting_the_public(),
            max_connections=1,
            network_backend=GuardedBackend(
                self._deadline, connect_s=self._limits.connect_s, resolver=resolver
            ),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("GET", url, headers=headers)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send and return the answer; raises Unreachable, and Refused for a bad URL or header."""
        target, own = check_url(url), checked_headers(headers or {})
        started = monotonic()
        self._deadline.start(self._limits.total_s)
        for _ in range(self._limits.redirects):
            answer = self._exchange(method, target, own, body, started)
            following = following_of(answer, target)
            if following is None or method not in ("GET", "HEAD"):
                return answer
            own = fit_for(following, target, own)
            target = following
        answer = self._exchange(method, target, own, body, started)
        if self._limits.redirects and following_of(answer, target) is not None:
            raise Unreachable(
                Reason.REDIRECTS, f"'{target.host}' sends from one address to the next without end."
            )
        return answer

    def _exchange(
        self,
        method: str,
        target: httpx2.URL,
        headers: Mapping[str, str],
        body: bytes,
        started: float,
    ) -> Answer:
        request = request_of(method, target, headers, body)
        with telling(target.host, total_s=self._limits.total_s):
            response = self._pool.handle_request(request)
            try:
                decoded = httpx2.Response(
                    response.status, headers=response.headers, stream=_Body(response)
                )
                content, is_cut = _read(decoded, self._limits.body_bytes)
            finally:
                response.close()
        if is_cut and not self._limits.cuts_body:
            raise Unreachable(
                Reason.TOO_LARGE,
                f"The answer of '{target.host}' is longer than "
                f"{self._limits.body_bytes / 1_000_000:g} MB.",
            )
        elapsed_s = monotonic() - started
        return Answer(
            response.status, decoded.headers, content, str(target), elapsed_s, is_cut=is_cut
        )


@functools.cache
def trusting_the_public() -> ssl.SSLContext:
    """One for the process: reading the authorities' certificates takes a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


class _Body(httpx2.SyncByteStream):
    """A response's bytes as they come from the wire, for the library that decodes them."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()


def _read(response: httpx2.Response, longest: int) -> tuple[bytes, bool]:
    """Return at most `longest` decoded bytes, and whether there were more."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > longest:
            return bytes(body[:longest]), True
    return bytes(body), False


def checked_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return headers as they go out; raises Refused for one that could begin another line."""
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise Refused(
                f"The header {name[:40]!r} holds a character that no header has: line breaks "
                "and letters beyond Latin are left out.",
                field="headers",
            )
    return {"user-agent": USER_AGENT} | {name.lower(): value for name, value in headers.items()}


def request_of(
    method: str, target: httpx2.URL, headers: Mapping[str, str], body: bytes
) -> httpcore2.Request:
    whole = httpx2.Request(
        method,
        target,
        headers={"accept-encoding": "gzip, deflate", **headers},
        content=body or None,
    )
    address = httpcore2.URL(
        scheme=target.raw_scheme,
        host=target.raw_host,
        port=target.port,
        target=target.raw_path,
    )
    return httpcore2.Request(method, address, headers=whole.headers.raw, content=body)


def following_of(answer: Answer, target: httpx2.URL) -> httpx2.URL | None:
    """Return where a redirect leads, checked like any other address; None where it is none."""
    place = answer.headers.get("location")
    if answer.status not in REDIRECTS or not place:
        return None
    try:
        following = check_url(str(target.join(place)))
    except (Refused, httpx2.InvalidURL) as error:
        sentence = f"'{target.host}' sends on to an address that may not be called."
        raise Unreachable(Reason.REDIRECTS, sentence) from error
    if target.scheme == "https" and following.scheme == "http":
        sentence = f"'{target.host}' sends on from https to http, which is not followed."
        raise Unreachable(Reason.REDIRECTS, sentence)
    return following


def fit_for(
    following: httpx2.URL, before: httpx2.URL, headers: Mapping[str, str]
) -> Mapping[str, str]:
    if (following.scheme, following.host, following.port) == (
        before.scheme,
        before.host,
        before.port,
    ):
        return headers
    return {name: value for name, value in headers.items() if name not in FOR_ONE_ORIGIN}
