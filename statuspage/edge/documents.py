"""Finished answers with every content coding, ready to be sent. Pure: no ORM, no Django request."""

import gzip
import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import brotli

StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]

# Brotli at 5 takes 2 ms for a page of 50 kB and makes it a seventh; at 11 it takes 100 ms more.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
SMALLEST = 256
COMPRESSED_ALREADY = re.compile(r"image/(?!svg)|font/|application/(zip|gzip)")
CODINGS = ("br", "gzip")
LONGEST_LIST = 200
# The page shows when it was made; that alone makes no new version of it.
STAMP = re.compile(rb'<p id="as-of".*?</p>', re.DOTALL)
# A document is read or made again at this share of its lifetime, so that nobody waits.
RENEWED_AT = 0.75


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer says about itself to the edge, beside its headers.

    `languages` are those the page offers; with only one, nothing is negotiated.
    """

    languages: tuple[str, ...] = ()
    zone: str = "UTC"
    # The tenant's own words for what is said of an answer that cannot be refreshed.
    own_words: Mapping[str, str] = field(default_factory=dict)
    # The next moment at which time alone changes the answer, in seconds since 1970.
    changes_at: float | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An answer as it was made: for which generation of its page, when, and until when it holds.

    Times are in seconds since 1970. `language` is empty where the answer is the same in all.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    generation: int
    made_at: float
    fresh_until: float
    language: str = ""
    facts: Facts = field(default_factory=Facts)

    @property
    def content_type(self) -> str:
        return dict(self.headers).get("Content-Type", "")


@dataclass(slots=True, eq=False)
class Document:
    """What is sent, by coding; `used_at` and `renew_at` are on the monotonic clock."""

    made: Made
    bodies: Mapping[str, bytes]
    etag: str
    status: str
    headers: Mapping[str, Headers]
    not_modified: Headers
    generation: int
    renew_at: float
    used_at: float = 0.0
    looked_at: float = 0.0
    # What may be shown of it once it is doubtful, and of which moment that says it is.
    stale: "Document | None" = None
    stale_since: str = ""

    @property
    def size(self) -> int:
        """Bytes in memory, roughly."""
        return sum(map(len, self.bodies.values())) + 4096

    @property
    def is_fresh(self) -> bool:
        # A clock that was set back must not make an answer fresh for longer than it ever was.
        return self.made.made_at - 5 <= time.time() < self.made.fresh_until

    def answer(self, environ: Mapping[str, Any], start_response: StartResponse) -> Sequence[bytes]:
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and self.made.status == 200 and matches(known, self.etag):
            start_response("304 Not Modified", self.not_modified)
            return []
        coding = best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding not in self.bodies:
            coding = "gzip" if coding and "gzip" in self.bodies else ""
        start_response(self.status, self.headers[coding])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.bodies[coding]]


def finish(made: Made, body: bytes, bodies: Mapping[str, bytes] | None = None) -> Document:
    """Make all that is sent of an answer; `bodies` are codings that were made before."""
    bodies = {"": body, **(compressed(body, made.content_type) if bodies is None else bodies)}
    etag = f'W/"{hashlib.blake2b(STAMP.sub(b"", body), digest_size=12).hexdigest()}"'
    vary = "Accept-Encoding"
    if made.language and len(made.facts.languages) > 1:
        vary += ", Accept-Language"
    said = [("ETag", etag), ("Vary", vary)]
    kept = [*made.headers, *said]
    headers = {
        coding: [
            *kept,
            *([("Content-Encoding", coding)] if coding else []),
            ("Content-Length", str(len(content))),
        ]
        for coding, content in bodies.items()
    }
    # RFC 9110, 15.4.5: the headers a 200 would have had.
    repeated = ("Cache-Control", "Content-Location", "Expires", "Access-Control-Allow-Origin")
    return Document(
        made=made,
        bodies=bodies,
        etag=etag,
        status=f"{made.status} {'OK' if made.status == 200 else 'Not Found'}",
        headers=headers,
        not_modified=[*(pair for pair in made.headers if pair[0] in repeated), *said],
        generation=made.generation,
        renew_at=_renew_at(made),
    )


def _renew_at(made: Made) -> float:
    now = time.time()
    lasting = max(made.fresh_until - made.made_at, 0.0) * RENEWED_AT
    return time.monotonic() + min(made.made_at + lasting - now, lasting)


def compressed(body: bytes, content_type: str) -> dict[str, bytes]:
    """Return the codings that are worth it."""
    if len(body) < SMALLEST or COMPRESSED_ALREADY.match(content_type):
        return {}
    made = {
        "br": brotli.compress(body, quality=BROTLI_QUALITY),
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
    }
    return {coding: content for coding, content in made.items() if len(content) < len(body)}


@lru_cache(maxsize=512)
def _best_coding(accepted: str) -> str:
    weights = dict(_weighed(accepted.lower().split(",")))
    wanted = [(weights.get(coding, weights.get("*", 0.0)), coding) for coding in CODINGS]
    weight, coding = max(wanted, key=lambda pair: (pair[0], pair[1] == "br"))
    return coding if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weighed(entries: Iterable[str]) -> Iterable[tuple[str, float]]:
    for entry in entries:
        coding, _, parameter = entry.partition(";")
        name, _, value = parameter.partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            weight = 0.0
        yield coding.strip(), weight if 0 <= weight <= 1 else 0.0


def best_coding(accepted: str) -> str:
    """Choose from an Accept-Encoding header; empty for none, and for nonsense."""
    return _best_coding(accepted) if len(accepted) <= LONGEST_LIST else ""


def matches(known: str, etag: str) -> bool:
    """Whether an If-None-Match header names the tag, by weak comparison. RFC 9110, 13.1.2."""
    if known == etag or known == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") == opaque for tag in known.split(","))
