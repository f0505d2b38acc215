"""What goes over a connection to a mail server, and what the server says to it in the end."""

from enum import Enum
from typing import NamedTuple

from atender.outbound.smtp_wire import Reply


class Parcel(NamedTuple):
    """A mail with its envelope: ASCII addresses, content with CRLF, `key` for who sends it."""

    key: int
    sender: str
    to: str
    content: bytes


class Stage(Enum):
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"


class Answer(NamedTuple):
    """What the server said in the end of a parcel, and of what it spoke."""

    parcel: Parcel
    stage: Stage
    code: int
    text: str


def answer_to(parcel: Parcel, stage: Stage, reply: Reply) -> Answer:
    return Answer(parcel, stage, reply.code, reply.text)


def envelope(parcel: Parcel, takes_eight_bits: bool) -> tuple[bytes, bytes]:
    body = " BODY=8BITMIME" if takes_eight_bits else ""
    mail = f"MAIL FROM:<{parcel.sender}>{body}\r\n".encode("ascii")
    return mail, f"RCPT TO:<{parcel.to}>\r\n".encode("ascii")
