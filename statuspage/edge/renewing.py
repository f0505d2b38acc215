"""One thread per process that remakes documents: after each change, and before they are old.

Every process hears of a change and wants the same documents. Whoever comes first makes one, under
a lock of the machine; the others find it on disk.
"""

import heapq
import logging
import os
import threading
import time
from itertools import count

from django.db import Error, connection

from atender.tenants.context import in_tenant
from statuspage.edge.asking import Asked
from statuspage.edge.keeping import Keeper
from statuspage.edge.making import Declined, NotMade
from statuspage.edge.places import Place
from statuspage.edge.ready import fixed, found

log = logging.getLogger(__name__)

# In this order: somebody is waiting; it has changed and most people read it; it has changed; it is
# merely getting old.
AWAITED, CHANGED, FOLLOWING, SOMETIME = range(4)
IDLE_S = 5.0
# Work of no hurry leaves the processor to visitors in between.
BREATH_S = 0.02

Entry = tuple[int, int, Place, Asked | None]


class Renewer:
    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self._order = count()
        self._waiting: list[Entry] = []
        # The urgency at which each entry waits, so that none is queued twice.
        self._wanted: dict[tuple[str, Asked | None], int] = {}
        self._changed = threading.Condition()
        self._swept: frozenset[tuple[str, str]] | None = None
        self._process = 0
        self._attended_at = float("-inf")

    def want(self, place: Place, asked: Asked | None, urgency: int) -> None:
        """Have a document remade; None stands for all of the page's always-ready documents."""
        entry = (place.page_id, asked)
        with self._changed:
            if self._wanted.get(entry, SOMETIME + 1) <= urgency:
                return
            self._wanted[entry] = urgency
            heapq.heappush(self._waiting, (urgency, next(self._order), place, asked))
            self._changed.notify()

    def sweep(self, pages: frozenset[tuple[str, str]]) -> None:
        """Have the folders of pages removed that are not among (schema, page id)."""
        with self._changed:
            self._swept = pages
            self._changed.notify()

    def start(self) -> None:
        if self._process != os.getpid():
            self._process = os.getpid()
            threading.Thread(target=self._work, name="renewer", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._changed:
                is_idle = not (self._waiting or self._swept or self._changed.wait(IDLE_S))
                pages, self._swept = self._swept, None
                entry = self._most_wanted()
            try:
                self._attend()
                if pages is not None:
                    self.keeper.shelf.sweep(pages)
                if entry is not None:
                    self._do(*entry)
                if is_idle:
                    self._confirm()
            except Exception:
                log.exception("a document could not be made anew")

    def _most_wanted(self) -> Entry | None:
        """Take the most urgent wish, skipping those already fulfilled by a more urgent one."""
        while self._waiting:
            entry = heapq.heappop(self._waiting)
            urgency, _order, place, asked = entry
            if self._wanted.get((place.page_id, asked)) == urgency:
                del self._wanted[place.page_id, asked]
                return entry
        return None

    def _do(self, urgency: int, _order: int, place: Place, asked: Asked | None) -> None:
        # What waits is asked for again when the database is back.
        if not self.keeper.listener.is_answering:
            return
        try:
            if asked is None:
                self._spread(urgency, place)
            else:
                known = place.languages
                generation = None if urgency == AWAITED else place.generation
                self.keeper.renew(place, asked, generation=generation)
                if place.languages != known:
                    self.want(place, None, FOLLOWING)
        except (Declined, NotMade):
            return
        except Error as error:
            log.warning("a document could not be made anew: %s", str(error).strip())
        if urgency >= FOLLOWING:
            with self._changed:
                # Whatever is wanted meanwhile ends the pause: it may be what has just changed.
                self._changed.wait(BREATH_S)

    def _spread(self, urgency: int, place: Place) -> None:
        """Queue each of the page's always-ready documents separately."""
        wanted = fixed(place.languages)
        for asked in wanted:
            self.want(place, asked, urgency)
        try:
            with in_tenant(place.schema):
                others = found(place.page_id, place.languages)
        finally:
            connection.close()
        for asked in others:
            self.want(place, asked, urgency)
        ready = {*wanted, *others}
        self.keeper.shelf.thin_out(place.schema, place.page_id, keeping=ready)
        # What was taken back must not come to light again while the database is away.
        for asked in self.keeper.held(place) - ready:
            self.want(place, asked, SOMETIME)

    def _attend(self) -> None:
        """Every few seconds, however busy. Who has doubts would pass for somebody who has none."""
        now = time.monotonic()
        if not self.keeper.doubts and now >= self._attended_at + IDLE_S:
            self._attended_at = now
            self.keeper.shelf.attend()

    def _confirm(self) -> None:
        if self.keeper.listener.is_answering and self.keeper.listener.is_listening:
            self.keeper.shelf.confirm()
