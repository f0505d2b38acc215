"""A name server of the tests' own: real questions over UDP, answers as a resolver gives them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

SILENT, SERVFAIL, REFUSED, NONSENSE = "silent", "servfail", "refused", "nonsense"
CODES = {SERVFAIL: dns.rcode.SERVFAIL, REFUSED: dns.rcode.REFUSED}
LONGEST_CHAIN = 8


@dataclass
class NameServer:
    """`texts` are TXT records as they are written in a zone; `aliases` CNAMEs.

    `moods` say how a name is answered instead; a name in none of them does not exist.
    """

    port: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    moods: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, question: dns.message.Message) -> bytes | None:
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        mood = self.moods.get(name, "")
        if mood == SILENT:
            return None
        if mood == NONSENSE:
            return b"\x00nonsense"
        answer = dns.message.make_response(question, recursion_available=True)
        if mood in CODES:
            answer.set_rcode(CODES[mood])
        else:
            self._fill(answer, name)
        return answer.to_wire()

    def _fill(self, answer: Any, name: str) -> None:
        for _ in range(LONGEST_CHAIN):
            if name not in self.aliases:
                break
            target = self.aliases[name]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
        if name not in self.texts:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif self.texts[name]:
            texts = self.texts[name]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *texts))


@contextmanager
def answering() -> Iterator[NameServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        server = NameServer(listening.getsockname()[1])

        def serve() -> None:
            while True:
                wire, client = listening.recvfrom(4096)
                if not wire:
                    return
                said = server.answer(dns.message.from_wire(wire))
                if said is not None:
                    listening.sendto(said, client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        # An empty datagram is the end.
        listening.sendto(b"", ("127.0.0.1", server.port))
        thread.join(10)
