"""Finished answers on disk: what outlives the process, and what its neighbours have made.

One folder per page below its tenant's, one file per document, named by the digest of what was asked
and written by rename. An incomplete or unexpected file counts as missing.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import threading
import time
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

import brotli

from statuspage.edge.asking import Asked
from statuspage.edge.documents import Document, Facts, Made, finish

log = logging.getLogger(__name__)

FORMAT = b"atender edge 1\n"
LONGEST_HEAD = 65_536
# Documents of a page beside those that are always ready: the newest stay.
MOST_FILES = 300
LOCKS = 256
LOCK_LIMIT_S = 6.0
PAUSE_S = 0.005


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = folder / "pages"
        self.locks = folder / "locks"
        # Touched while everything here is known to be as the database says.
        self.confirmation = folder / "confirmed"
        # Touched while a process is here that hears, or would hear, what changes.
        self.attendance = folder / "attended"
        self.is_writable = True

    def find(self, schema: str, page_id: str, asked: Asked) -> Document | None:
        """Read a document whole, None where there is none."""
        try:
            with self._file(schema, page_id, asked).open("rb") as file:
                head = _head(file, asked)
                bodies = {coding: file.read(size) for coding, size in head["sizes"].items()}
                if [len(body) for body in bodies.values()] != list(head["sizes"].values()):
                    return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        identity = bodies.pop("", None)
        if identity is None:
            identity = brotli.decompress(bodies["br"])
        return finish(_made(head), identity, bodies)

    def look_up(self, schema: str, page_id: str, asked: Asked) -> Made | None:
        """Read only what is said of a document: for which generation it was made, and when."""
        try:
            with self._file(schema, page_id, asked).open("rb") as file:
                return _made(_head(file, asked))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, schema: str, page_id: str, asked: Asked, document: Document) -> None:
        """Write a document; a failing disk is logged once and otherwise tolerated."""
        # What brotli holds need not be written twice.
        left_out = "" if "br" in document.bodies else None
        bodies = {c: body for c, body in document.bodies.items() if c != left_out}
        made = document.made
        head = {
            "asked": list(asked),
            "made": {**asdict(made), "facts": asdict(made.facts)},
            "sizes": {coding: len(body) for coding, body in bodies.items()},
        }
        content = b"".join([FORMAT, json.dumps(head).encode(), b"\n", *bodies.values()])
        self._write(self._file(schema, page_id, asked), content)

    def remove(self, schema: str, page_id: str, asked: Asked) -> None:
        self._file(schema, page_id, asked).unlink(missing_ok=True)

    def remove_page(self, schema: str, page_id: str) -> None:
        page = self._page(schema, page_id)
        shutil.rmtree(page, ignore_errors=True)
        with suppress(OSError):
            # A tenant's last page.
            page.parent.rmdir()

    def note_languages(self, schema: str, page_id: str, languages: Collection[str]) -> None:
        """Keep which languages a page has: without them its documents are not found again."""
        self._write(self._page(schema, page_id) / "languages", " ".join(languages).encode())

    def languages_of(self, schema: str, page_id: str) -> tuple[str, ...]:
        try:
            return tuple((self._page(schema, page_id) / "languages").read_text().split())
        except (OSError, ValueError):
            return ()

    def confirm(self) -> None:
        """Note that everything kept here was as the database says a moment ago."""
        self._write(self.confirmation, b"")

    def confirmed_at(self) -> float | None:
        return _touched_at(self.confirmation)

    def attend(self) -> None:
        """Note that somebody who may trust what is kept here is running."""
        self._write(self.attendance, b"")

    def unattended_s(self) -> float:
        """For how long nobody was; infinite where nobody ever was."""
        # Releases before this one only confirmed.
        at = _touched_at(self.attendance) or _touched_at(self.confirmation)
        return float("inf") if at is None else max(time.time() - at, 0.0)

    def thin_out(self, schema: str, page_id: str, *, keeping: Collection[Asked]) -> None:
        """Remove what exceeds a page's share, oldest first; what is always ready stays."""
        kept = {_name(asked) for asked in keeping} | {"languages"}
        try:
            with os.scandir(self._page(schema, page_id)) as entries:
                others = [entry for entry in entries if entry.name not in kept]
                others.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
            for entry in others[MOST_FILES:]:
                os.unlink(entry.path)
        except OSError:
            return

    def held(self, schema: str, page_id: str) -> set[Asked]:
        """Return which documents of a page lie here."""
        held = set()
        for path in _files(self._page(schema, page_id)):
            with suppress(OSError, ValueError, KeyError, TypeError), path.open("rb") as file:
                held.add(Asked(*_head(file)["asked"]))
        return held

    def sweep(self, pages: Collection[tuple[str, str]]) -> None:
        """Remove every folder of a tenant or page that is not among (schema, page id)."""
        schemas = {schema for schema, _ in pages}
        for tenant in _folders(self.pages):
            if tenant.name not in schemas:
                shutil.rmtree(tenant, ignore_errors=True)
                continue
            for page in _folders(tenant):
                if (tenant.name, page.name) not in pages:
                    shutil.rmtree(page, ignore_errors=True)

    @contextmanager
    def alone(self, page_id: str, asked: Asked) -> Iterator[None]:
        """Hold a document against every other thread and process of this machine.

        A process that dies lets go. Where the disk takes no locks, or one is held for longer than
        making a document may take, work is done twice rather than not at all.
        """
        shard = zlib.crc32(f"{page_id} {asked}".encode()) % LOCKS
        file = self._lock_file(shard)
        try:
            until = time.monotonic() + LOCK_LIMIT_S
            while file is not None and time.monotonic() < until:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(PAUSE_S)
            yield
        finally:
            if file is not None:
                os.close(file)

    def _lock_file(self, shard: int) -> int | None:
        path = self.locks / str(shard)
        try:
            self._ensure(self.locks)
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            self._complain(error)
            return None

    def _page(self, schema: str, page_id: str) -> Path:
        return self.pages / schema / page_id

    def _file(self, schema: str, page_id: str, asked: Asked) -> Path:
        return self._page(schema, page_id) / _name(asked)

    def _write(self, file: Path, content: bytes) -> None:
        half = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            self._ensure(file.parent)
            half.write_bytes(content)
            half.replace(file)
        except OSError as error:
            self._complain(error)
        else:
            self.is_writable = True

    def _ensure(self, folder: Path) -> None:
        # What lies below is shown to everybody, but for each to see on its own page.
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)

    def _complain(self, error: OSError) -> None:
        if self.is_writable:
            log.error("finished answers cannot be kept on disk: %s", error)
        self.is_writable = False


def _touched_at(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except OSError:
        return None


def _name(asked: Asked) -> str:
    return hashlib.blake2b("\0".join(asked).encode(), digest_size=16).hexdigest()


def _head(file: BinaryIO, asked: Asked | None = None) -> dict[str, Any]:
    """Read a file's head; raises ValueError when it is not that of the document asked for."""
    if file.read(len(FORMAT)) != FORMAT:
        raise ValueError("not a finished answer")
    head: dict[str, Any] = json.loads(file.readline(LONGEST_HEAD))
    if asked is not None and head["asked"] != list(asked):
        raise ValueError("another document")
    return head


def _made(head: dict[str, Any]) -> Made:
    fields = dict(head["made"])
    facts = Facts(**fields.pop("facts"))
    return Made(
        **{
            **fields,
            "headers": tuple((name, value) for name, value in fields["headers"]),
            "facts": replace(facts, languages=tuple(facts.languages)),
        }
    )


def _folders(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _files(folder: Path) -> list[Path]:
    """The files of a folder that are written whole."""
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
