"""What this process holds of each page, and in how much memory."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from statuspage.edge.asking import Asked
from statuspage.edge.documents import Document

# How many documents are remembered as private, and as failing, per page.
MOST_DECLINED = MOST_FAILING = 200


class Place:
    """One page: its present generation as far as this process was told, and its documents."""

    __slots__ = (
        "changed_at",
        "declined",
        "documents",
        "failing",
        "generation",
        "host",
        "is_gone",
        "languages",
        "oldest",
        "page_id",
        "schema",
    )

    def __init__(self, page_id: str, schema: str, host: str) -> None:
        self.page_id = page_id
        self.schema = schema
        # One of the page's hosts, under which its documents are made.
        self.host = host
        self.generation = 0
        # The page is gone; a document of it that is still being made is not kept.
        self.is_gone = False
        # Nothing that was made for an earlier generation is shown any more: the page was closed.
        self.oldest = 0
        self.changed_at: datetime | None = None
        self.languages: tuple[str, ...] = ()
        self.documents: dict[Asked, Document] = {}
        # Documents that a view declined to share, by the generation at which it did.
        self.declined: dict[Asked, int] = {}
        # Documents that could not be made, and until when nobody tries again (monotonic).
        self.failing: dict[Asked, float] = {}

    def moves_to(self, generation: int) -> bool:
        """Move to a generation; False if it is known already."""
        if generation <= self.generation:
            return False
        self.generation = generation
        self.changed_at = datetime.now(UTC)
        return True

    def close(self) -> None:
        """Show nothing of before; the change that closes the page raises its generation, too."""
        self.oldest = self.generation + 1

    def decline(self, asked: Asked, generation: int) -> None:
        if len(self.declined) >= MOST_DECLINED:
            self.declined.clear()
        self.declined[asked] = generation

    def fails(self, asked: Asked, until: float) -> None:
        """Note that a document could not be made; unknown ids are endless, and so may these be."""
        if len(self.failing) >= MOST_FAILING:
            self.failing.clear()
        self.failing[asked] = until

    def declines(self, asked: Asked) -> bool:
        return self.declined.get(asked, -1) >= self.generation


class Places:
    """All pages, and a limit in bytes for what is held of them together."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._places: dict[str, Place] = {}
        self._lock = threading.Lock()

    def get(self, page_id: str) -> Place | None:
        return self._places.get(page_id)

    def all(self) -> list[Place]:
        return list(self._places.values())

    def ensure(self, page_id: str, make: Callable[[], Place]) -> Place:
        with self._lock:
            place = self._places.get(page_id)
            if place is None:
                place = self._places[page_id] = make()
            return place

    def put(self, place: Place, asked: Asked, document: Document) -> None:
        """Keep a document; the least recently used ones make room."""
        document.used_at = time.monotonic()
        with self._lock:
            if place.is_gone or document.generation < place.oldest:
                return
            self._drop(place, asked)
            place.documents[asked] = document
            self.bytes += document.size
            if self.bytes > self.most_bytes:
                self._make_room()

    def held(self, place: Place) -> list[Asked]:
        with self._lock:
            return list(place.documents)

    def drop(self, place: Place, asked: Asked) -> None:
        with self._lock:
            self._drop(place, asked)

    def forget(self, page_id: str) -> None:
        """Let go of a page that is gone."""
        with self._lock:
            place = self._places.pop(page_id, None)
            if place is not None:
                place.is_gone = True
        if place is not None:
            self.empty(place)

    def empty(self, place: Place) -> None:
        """Let go of all that is held of a page."""
        with self._lock:
            for asked in list(place.documents):
                self._drop(place, asked)

    def _drop(self, place: Place, asked: Asked) -> None:
        document = place.documents.pop(asked, None)
        if document is not None:
            self.bytes -= document.size

    def _make_room(self) -> None:
        """Go down to three quarters, so that this is rare: it looks at every document."""
        held = [
            (document.used_at, place, asked)
            for place in self._places.values()
            for asked, document in place.documents.items()
        ]
        held.sort(key=lambda entry: entry[0])
        for _, place, asked in held:
            if self.bytes <= self.most_bytes * 3 // 4:
                break
            self._drop(place, asked)
