"""A letter as the bytes of a mail, complete except for what differs between recipients.

A mail is made once for a page and language: encoded, its lines measured, cut apart at the marks.
Each recipient's is then its pieces joined around the recipient's own, which costs microseconds. A
token is never cut by an encoding or a line's end: with lines short enough for SMTP the texts go as
they are; where one is too long, or the server takes only seven bits, as quoted-printable whose soft
line breaks (RFC 2045, 6.7) stand around the tokens.
"""

import binascii
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address
from django.utils.html import escape

from subscribers.mailing.mails import LONGEST_LINE, Letter, Mail, list_headers, sender_for

# The longest token: 16 of the key, 26 of the subscriber, 5 of the version, 22 of the MAC, 3 dots.
TOKEN_ROOM = 72
# Octets of a reason that a line keeps free; with a longer one the mail goes quoted-printable.
REASON_ROOM = 400
SLOTS = ("to", "message_id", "manage", "unsubscribe", "reason", "reason_as_html")
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
SAFE_IN_ENVELOPE = re.compile(r"[!-;=?-~]+")


class Own(NamedTuple):
    """What is one recipient's own; `manage` and `unsubscribe` are tokens."""

    address: str
    message_id: str
    manage: str
    unsubscribe: str
    reason: str


class Mould:
    """A letter from one sender. `pour` makes a recipient's mail of it."""

    def __init__(self, letter: Letter, from_address: str) -> None:
        self.letter, self.host = letter, letter.host
        self.sender = sender_for(letter.page, from_address, letter.sender_name)
        self.envelope_sender = sendable(parseaddr(self.sender)[1])
        self._marks = {name: f"mark{secrets.token_hex(8)}" for name in SLOTS}
        self._boundary = secrets.token_hex(16)
        self._text, self._html = self._texts()
        self.fits_lines = _fits_lines(self._text, self._marks) and _fits_lines(
            self._html, self._marks
        )

    def pour(self, own: Own, *, in_seven_bits: bool = False) -> bytes:
        """Return the mail, its lines ended by CRLF; raises ValueError for no sendable address."""
        pieces, reasons = self._plain, _reasons(own.reason)
        if in_seven_bits or not self.fits_lines or len(reasons[1]) > REASON_ROOM:
            pieces, reasons = self._folded, _folded_reasons(own.reason)
        return pieces.filled(
            (
                sendable(own.address).encode(),
                own.message_id.encode(),
                own.manage.encode(),
                own.unsubscribe.encode(),
                *reasons,
            )
        )

    @cached_property
    def _plain(self) -> "Pieces":
        return self._pieces("8bit", self._text.encode(), self._html.encode())

    @cached_property
    def _folded(self) -> "Pieces":
        marks = list(self._marks.values())
        texts = (folded(text, around=marks) for text in (self._text, self._html))
        return self._pieces("quoted-printable", *texts)

    def _pieces(self, encoding: str, text: bytes, html: bytes) -> "Pieces":
        parts = b"".join(
            b"--%b\r\nContent-Type: text/%b; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: %b\r\n\r\n%b\r\n"
            % (self._boundary.encode(), kind, encoding.encode(), content)
            for kind, content in ((b"plain", text), (b"html", html))
        )
        whole = b"%b\r\n\r\n%b--%b--\r\n" % (self._head(), parts, self._boundary.encode())
        return Pieces(whole, list(self._marks.values()))

    def _texts(self) -> tuple[str, str]:
        """The letter's texts with CRLF, marks of links replaced by links with marks for tokens."""
        base, marks = f"{self.letter.base}/subscriptions", self._marks
        links = {
            "manage": f"{base}/{marks['manage']}",
            "unsubscribe": f"{base}/{marks['unsubscribe']}/unsubscribe",
        }
        said = {
            "text": (self.letter.text, {**links, "reason": marks["reason"]}),
            "html": (self.letter.html, {**links, "reason": marks["reason_as_html"]}),
        }
        return _marked(*said["text"], self.letter), _marked(*said["html"], self.letter)

    def _head(self) -> bytes:
        letter, marks = self.letter, self._marks
        headers = {**headers_of(letter, marks["unsubscribe"]), "Message-ID": marks["message_id"]}
        if letter.reply_to:
            headers["Reply-To"] = letter.reply_to
        message = Mail(letter.subject, "", self.sender, [marks["to"]], headers=headers).message()
        del message["Content-Transfer-Encoding"]
        message.replace_header(
            "Content-Type", f'multipart/alternative; boundary="{self._boundary}"'
        )
        head: bytes = message.as_bytes(linesep="\r\n").partition(b"\r\n\r\n")[0]
        return head


def headers_of(letter: Letter, unsubscribe: str) -> dict[str, str]:
    """The headers of a mail beside those of every mail; `unsubscribe` is the recipient's token."""
    thread = f"<{letter.incident.pk}.{letter.page.pk}@{letter.host}>"
    leave = f"{letter.base}/subscriptions/{unsubscribe}/unsubscribe"
    return {
        **list_headers(leave, letter.host, f"{letter.incident.pk}:update"),
        "In-Reply-To": thread,
        "References": thread,
    }


class Pieces:
    """Bytes cut apart at the marks, in the order of SLOTS."""

    def __init__(self, whole: bytes, marks: list[str]) -> None:
        known = {mark.encode(): at for at, mark in enumerate(marks)}
        self._pieces = re.split(b"(" + b"|".join(known) + b")", whole)
        # Every second piece is a mark.
        self._holes = [(at, known[self._pieces[at]]) for at in range(1, len(self._pieces), 2)]

    def filled(self, values: tuple[bytes, ...]) -> bytes:
        pieces = self._pieces.copy()
        for at, slot in self._holes:
            pieces[at] = values[slot]
        return b"".join(pieces)


class Poured(EmailMessage):
    """A finished mail in the shape that mail backends know."""

    def __init__(self, content: bytes, *, sender: str, to: str) -> None:
        super().__init__(from_email=sender, to=[to])
        self.content = content

    def message(self, **_: Any) -> Any:
        return _Finished(self.content)


class _Finished:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        return self._content.replace(b"\r\n", linesep.encode())


def sendable(address: str) -> str:
    """Return an address as ASCII; raises ValueError for one that headers and SMTP cannot carry."""
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    if not address.isprintable():
        raise ValueError(f"Invalid address {address!r}.")
    ascii_only = str(sanitize_address(address, "utf-8"))
    if not SAFE_IN_ENVELOPE.fullmatch(ascii_only):
        raise ValueError(f"Invalid address {address!r}.")
    return ascii_only


def folded(text: str, *, around: list[str]) -> bytes:
    """Encode as quoted-printable, `around` marks: each begins a line, and one follows it."""
    *pieces, last = re.split("(" + "|".join(around) + ")", text)
    encoded = [piece.encode() if at % 2 else _quoted(piece) for at, piece in enumerate(pieces)]
    return b"=\r\n".join([*encoded, _as_lines(binascii.b2a_qp(_with_lf(last)))])


def _quoted(text: str) -> bytes:
    """Encode what goes on behind it: the last line has room for one sign more."""
    return _as_lines(binascii.b2a_qp(_with_lf(text + "~")).removesuffix(b"~"))


def _with_lf(text: str) -> bytes:
    return text.replace("\r\n", "\n").encode()


def _as_lines(encoded: bytes) -> bytes:
    return encoded.replace(b"\n", b"\r\n")


@lru_cache(maxsize=1000)
def _reasons(reason: str) -> tuple[bytes, bytes]:
    return reason.encode(), escape(reason).encode()


@lru_cache(maxsize=1000)
def _folded_reasons(reason: str) -> tuple[bytes, bytes]:
    return _quoted(reason), _quoted(escape(reason))


def _marked(text: str, values: Mapping[str, str], letter: Letter) -> str:
    text = re.sub(r"\r\n?|\n", "\r\n", text)
    for name, mark in letter.marks.items():
        text = text.replace(mark, values[name])
    return text


def _fits_lines(text: str, marks: Mapping[str, str]) -> bool:
    """Whether no line is too long for SMTP, room for each mark's value included."""
    rooms = {
        mark: REASON_ROOM if name.startswith("reason") else TOKEN_ROOM
        for name, mark in marks.items()
    }
    return all(
        len(line.encode()) + sum(room for mark, room in rooms.items() if mark in line)
        <= LONGEST_LINE
        for line in text.split("\r\n")
    )
