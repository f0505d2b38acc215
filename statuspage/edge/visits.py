"""Page views, counted where pages are served: by page and hour, never by person.

No address, cookie or browser name is kept: the User-Agent is only used to tell people from
programs. Counts wait in memory and are written every ten seconds. A process that is killed loses
its last ten seconds; while the database is away counts wait, for at most `MOST_HELD` pages and
hours.
"""

import logging
import os
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import Error, OperationalError, connection

from atender.ids import ulid_uuid
from atender.listening import Listener
from atender.tenants.context import in_tenant
from statuspage.edge.documents import StartResponse
from statuspage.edge.places import Place

log = logging.getLogger(__name__)

# What people read; feeds, badges and JSON are read by programs.
READ = re.compile(r"/(history|(incidents|maintenance)/[0-9A-Za-z]{26})?\Z", re.ASCII)
BROWSER = re.compile(r"Mozilla/|Opera/")
PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|monitor|uptime|headless|externalhit|scan|pingdom"
    r"|lighthouse|archiv|\+https?://",
    re.IGNORECASE,
)
HOUR_S = 3600
LONGEST_AGENT = 300
MOST_HELD = 20_000
WRITE = """
INSERT INTO statuspage_pageviews AS kept (page_id, hour, views, programs, heads)
SELECT page.id, to_timestamp(seen.hour), seen.views, seen.programs, seen.heads
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS seen (page_id, hour, views, programs, heads)
JOIN incidents_page page ON page.id = seen.page_id
ORDER BY page.id, seen.hour
ON CONFLICT (page_id, hour) DO UPDATE SET views = kept.views + excluded.views,
    programs = kept.programs + excluded.programs, heads = kept.heads + excluded.heads
"""
FORGET = "DELETE FROM statuspage_pageviews WHERE hour < now() - interval '400 days'"
KINDS = ("views", "programs", "heads")


# Schema, page, hour in seconds since 1970, kind: a plain tuple, since every visit makes one.
Seen = tuple[str, str, int, str]


class Visits:
    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.lost = 0
        self._counts: Counter[Seen] = Counter()
        self._lock = threading.Lock()
        self._forgot: dict[str, date] = {}
        self._process = 0

    def note(self, place: Place, environ: Mapping[str, Any]) -> None:
        """Count one answer that was found; in memory, under a lock that nobody holds for long."""
        path = environ["PATH_INFO"]
        if path != "/" and not READ.match(path):
            return
        hour = int(time.time()) // HOUR_S * HOUR_S
        seen = (place.schema, place.page_id, hour, kind_of(environ))
        with self._lock:
            if seen in self._counts or len(self._counts) < MOST_HELD:
                self._counts[seen] += 1
            else:
                self.lost += 1

    def watching(
        self, place: Place, environ: Mapping[str, Any], start_response: StartResponse
    ) -> StartResponse:
        """Count the answer once its status is known, where that is not so yet."""
        if not READ.match(environ["PATH_INFO"]):
            return start_response

        def started(status: str, *rest: Any) -> Any:
            if status.startswith(("200", "304")):
                self.note(place, environ)
            return start_response(status, *rest)

        return started

    def start(self) -> None:
        if self._process != os.getpid():
            self._process = os.getpid()
            threading.Thread(target=self._work, name="visits", daemon=True).start()

    def _work(self) -> None:
        while True:
            time.sleep(settings.EDGE_COUNT_EVERY_S)
            try:
                self._write_if_answering()
            except Exception:
                # Nobody starts the thread again: what is counted next must still be written.
                log.exception("page views could not be written")

    def _write_if_answering(self) -> None:
        if self.listener.is_answering:
            try:
                self.write()
            finally:
                connection.close()

    def write(self) -> None:
        """Write down what was counted; what cannot be written now waits."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        by_schema: dict[str, Counter[Seen]] = defaultdict(Counter)
        for seen, count in counts.items():
            by_schema[seen[0]][seen] = count
        for schema, theirs in by_schema.items():
            try:
                self._write_of(schema, theirs)
            except OperationalError:
                with self._lock:
                    self._counts.update(theirs)
            except Error as error:
                # The tenant is gone, or its tables are not there yet.
                self.lost += theirs.total()
                log.warning("page views of %s are lost: %s", schema, str(error).strip())
            except Exception:
                # What others' pages counted is written all the same.
                self.lost += theirs.total()
                log.exception("page views of %s are lost", schema)

    def _write_of(self, schema: str, counts: Counter[Seen]) -> None:
        rows: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        for (_, page_id, hour, kind), count in counts.items():
            rows[page_id, hour][kind] += count
        columns: list[Any] = [
            [ulid_uuid(page_id) for page_id, _ in rows],
            [hour for _, hour in rows],
            *([counted[kind] for counted in rows.values()] for kind in KINDS),
        ]
        today = datetime.now(UTC).date()
        with in_tenant(schema), connection.cursor() as cursor:
            cursor.execute(WRITE, columns)
            if self._forgot.get(schema) != today:
                self._forgot[schema] = today
                cursor.execute(FORGET)


def kind_of(environ: Mapping[str, Any]) -> str:
    """Whether a person, a program, or only a head was asked for."""
    if environ["REQUEST_METHOD"] == "HEAD":
        return "heads"
    if "prefetch" in environ.get("HTTP_SEC_PURPOSE", ""):
        return "programs"
    return _kind_of_agent(environ.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT])


@lru_cache(maxsize=2048)
def _kind_of_agent(agent: str) -> str:
    is_browser = BROWSER.match(agent) and not PROGRAM.search(agent)
    return "views" if is_browser else "programs"
