"""Where a page's documents come from: its address, or a folder in which they were saved."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from atender.digits import whole_number
from atender.outbound.targets import check_url
from atender.outbound.unreachable import Unreachable
from atender.outbound.web import Answer, WebClient, WebLimits
from atender.refusals import Refused

LIMITS = WebLimits(connect_s=5, total_s=30, body_bytes=20_000_000, redirects=3)
PAUSE_S = 0.3
LONGEST_WAIT_S = 60.0
BUSY = frozenset({429, 502, 503, 504})
ABSENT = frozenset({400, 404, 410, 422})
API = "/api/v2"
# What lies in a document, by its key.
LISTS = ("components", "incidents", "scheduled_maintenances")

Document = Mapping[str, Any]


class NotReadable(Exception):
    """The source does not answer like a status page; the sentence says what it answered."""


class Busy(Exception):
    """The source asks for patience."""

    def __init__(self, wait_s: float, sentence: str) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s
        self.sentence = sentence


class Documents(Protocol):
    """`read` returns a document or one part of it; None where the source has none of the name."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def read(self, name: str, part: int) -> Document | None: ...


def address_of_page(text: str) -> str:
    """Return the base address of a page's API; raises Refused.

    Takes what people copy: the page, its API, one document of it, with or without https://.
    """
    text = text.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    url = check_url(text, field="address").copy_with(query=None)
    return str(url).partition(API)[0].rstrip("/")


class PageDocuments:
    """A page's API over one connection, with a pause between requests."""

    def __init__(self, address: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._address = address
        self._client = WebClient(LIMITS)
        self._pause = pause
        self._has_asked = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.__exit__()

    def read(self, name: str, part: int) -> Document | None:
        """Raise NotReadable, Busy, Unreachable or Refused."""
        if self._has_asked:
            self._pause(PAUSE_S)
        self._has_asked = True
        paging = f"?page={part}" if part > 1 else ""
        url = f"{self._address}{API}/{name}.json{paging}"
        answer = self._client.get(url, headers={"accept": "application/json"})
        if answer.status in ABSENT:
            return None
        if answer.status in BUSY:
            raise Busy(_wait_of(answer), f"{url} answers {answer.status}: it is busy.")
        if not answer.is_success:
            raise NotReadable(f"{url} answers {answer.status} instead of a document.")
        return read_json(answer.body, called=url)


def _wait_of(answer: Answer) -> float:
    said = whole_number(answer.headers.get("retry-after", ""), digits=8)
    return min(max(5.0 if said is None else float(said), 1.0), LONGEST_WAIT_S)


class FolderDocuments:
    """Saved documents: every .json file of a folder, whatever its name, as one whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, name: str, part: int) -> Document | None:
        """Return all there is as the first part of the summary; raises NotReadable."""
        if name != "summary":
            return None
        whole: dict[str, Any] = {key: [] for key in LISTS}
        for path in sorted(self._folder.glob("*.json")):
            document = read_json(_content(path), called=path.name)
            whole["page"] = whole.get("page") or document.get("page")
            for key in LISTS:
                found = document.get(key)
                whole[key] += found if isinstance(found, list) else []
        return whole


def check_folder(folder: Path) -> Path:
    """Raise Refused where there is nothing to read."""
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.", field="address")
    if not any(folder.glob("*.json")):
        raise Refused(
            f"The folder {folder} holds no .json file; save summary.json, incidents.json and "
            "scheduled-maintenances.json of the page there.",
            field="address",
        )
    return folder.resolve()


def _content(path: Path) -> bytes:
    if path.stat().st_size > LIMITS.body_bytes:
        raise NotReadable(f"{path.name} is longer than {LIMITS.body_bytes / 1_000_000:g} MB.")
    return path.read_bytes()


def read_json(body: bytes, *, called: str) -> Document:
    """Return the object that a body holds; raises NotReadable."""
    text = body.decode("utf-8-sig", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotReadable(_nonsense(text, called)) from error
    if not isinstance(document, dict):
        raise NotReadable(f"{called} holds JSON, but none of a status page.")
    return document


def _nonsense(text: str, called: str) -> str:
    if text.lstrip()[:1] == "<":
        return f"{called} is a web page, not JSON; is this the address of a status page?"
    if text.lstrip()[:1] in "{[" and text.strip():
        return f"{called} is broken JSON: it ends too early, or somebody cut it."
    return f"{called} is not JSON; is this the address of a status page?"


__all__ = [
    "Busy",
    "Documents",
    "FolderDocuments",
    "NotReadable",
    "PageDocuments",
    "Unreachable",
    "address_of_page",
    "check_folder",
    "read_json",
]
