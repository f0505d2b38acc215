"""A mail server in a process of its own that keeps every byte and does nothing else.

    python -m tests.bench._sink PORT_FILE

`XKEEP path` writes what came since the last one, pickled as (recipient, content as it was on the
wire) in the order of arrival, and forgets it.
"""

import asyncio
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTP
from typing import Any

TEXT_ENDS = b"\r\n.\r\n"
GREETING = b"250-sink\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"

kept: list[tuple[bytes, bytes]] = []


class Server(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.wire = transport
        self.heard = bytearray()
        self.to = b""
        self.is_text = False
        self.chunk = 0
        self.wire.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.heard += data
        said: list[bytes] = []
        while (words := self.next_words()) is not None:
            said.append(self.reply(words))
        if said:
            self.wire.write(b"".join(said))

    def next_words(self) -> bytes | None:
        """Return a command, or a whole text; None while there is none."""
        if self.chunk:
            end, skipped = (self.chunk, 0) if len(self.heard) >= self.chunk else (-1, 0)
        else:
            ending = TEXT_ENDS if self.is_text else b"\r\n"
            end, skipped = self.heard.find(ending), len(ending)
        if end < 0:
            return None
        words = bytes(self.heard[:end])
        del self.heard[: end + skipped]
        return words

    def reply(self, words: bytes) -> bytes:
        if self.chunk or self.is_text:
            # A chunk is as it is; a text has its dots doubled and lacks its end.
            text = words if self.chunk else words.replace(b"\r\n..", b"\r\n.") + b"\r\n"
            kept.append((self.to, text))
            self.chunk, self.is_text = 0, False
            return b"250 2.0.0 taken\r\n"
        verb = words[:4].upper()
        if verb == b"RCPT":
            self.to = words[9:-1]
        elif verb == b"DATA":
            self.is_text = True
            return b"354 go on\r\n"
        elif verb == b"BDAT":
            self.chunk = int(words.split()[1])
            return b""
        elif verb in (b"EHLO", b"HELO"):
            return GREETING
        elif verb == b"XKEE":
            Path(words[6:].decode()).write_bytes(pickle.dumps(kept))
            kept.clear()
        elif verb == b"QUIT":
            self.wire.close()
        return b"250 2.0.0 so be it\r\n"


async def serve(port_file: Path) -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


@contextmanager
def sink() -> Iterator[int]:
    """Run it; yields its port."""
    with tempfile.TemporaryDirectory(prefix="atender-sink-") as home:
        port_file = Path(home, "port")
        process = subprocess.Popen([sys.executable, "-m", "tests.bench._sink", str(port_file)])
        try:
            while not (port_file.exists() and port_file.read_text()):
                time.sleep(0.05)
            yield int(port_file.read_text())
        finally:
            process.terminate()
            process.wait(10)


def taken(port: int) -> list[tuple[str, bytes]]:
    """Return what came since it was asked last: recipients and contents, dots not doubled."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        with SMTP("127.0.0.1", port) as line:
            line.docmd("XKEEP", file.name)
        mails = pickle.loads(Path(file.name).read_bytes())
    return [(to.decode(), text) for to, text in mails]


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
