"""Sidekick's desk beside many conversations: its list, its asking anew, and its search."""

import itertools
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench._database import database

CONVERSATIONS = int(os.environ.get("CONVERSATIONS", "200000"))
OPEN = 1000
SAID = 5
ROUNDS = 15
NEEDLE = "zq481516"
JAPANESE = "支払いページが開きません。注文番号は"
# In how many messages a word stands: most in one of three, most words in few.
WORDS = [f"{a}{b}{c}" for a, b, c in itertools.product("brtskl", "aeiou", "ndmpvx")]
SEARCHES = {
    "rare": NEEDLE,
    "rare_beginning": NEEDLE[:6],
    "frequent": WORDS[0],
    "two_words": f"{WORDS[3]} {WORDS[90]}",
    "japanese": "注文番号",
    "address": f"person-{CONVERSATIONS // 2}@example.com",
    "nothing": "xylophone",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database():
            measure()


def measure() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings
    from django.test import Client  # noqa: PLC0415

    from atender.roles import Role  # noqa: PLC0415
    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from tests.conftest import signed_in  # noqa: PLC0415
    from tests.factories import make_tenant  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    make_tenant("many", Alice=Role.ADMIN)
    with in_tenant("many"):
        size_mb = fill()
        desk: Client = signed_in("many.localhost", "alice@many.example")
    figures: dict[str, Any] = {
        "scenario": "desk",
        "conversations": CONVERSATIONS,
        "messages": CONVERSATIONS * SAID,
        "messages_mb": size_mb,
    }
    whole = desk.get("/sidekick/")
    figures["list_ms"] = timed(desk, "/sidekick/")
    tag = {"hx-request": "true", "if-none-match": whole["ETag"]}
    figures["unchanged_ms"] = timed(desk, "/sidekick/", status=304, **tag)
    for show in ("people", "closed"):
        for name, words in SEARCHES.items():
            figures[f"{show}_{name}_ms"] = timed(desk, f"/sidekick/?show={show}&q={words}")
    print(json.dumps(figures))


def timed(desk: Any, path: str, *, status: int = 200, **headers: str) -> float:
    """The median of some askings, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = desk.get(path, headers=headers)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == status, (path, answer.status_code)
        if sum(times) > 20_000:
            break
    return round(statistics.median(times), 1)


def fill() -> float:
    """Write conversations and what was said in them; returns the size of it in MB."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from atender.ids import ulid_uuid  # noqa: PLC0415

    with connection.cursor() as cursor:
        ids = copy(cursor, CONVERSATION, list(conversations()), ulid_uuid)
        copy(cursor, MESSAGE, messages(ids), ulid_uuid)
        cursor.execute("VACUUM ANALYZE assist_conversation, assist_message")
        cursor.execute("SELECT pg_total_relation_size('assist_message') / 1048576.0")
        return round(float(cursor.fetchone()[0]), 1)


CONVERSATION = (
    "COPY assist_conversation (id, external_id, page_ids, channel, customer_address,"
    " address_proved, language, spoken, handled_by, is_open, created_at, last_message_at,"
    " last_customer_at, version) FROM STDIN"
)
MESSAGE = (
    "COPY assist_message (id, conversation_id, external_id, author, text, language, found,"
    " created_at, purpose, written_by_id, written_by_name) FROM STDIN"
)


def copy(cursor: Any, statement: str, rows: Any, as_uuid: Any) -> list[tuple[str, datetime]]:
    written = []
    with cursor.copy(statement) as into:
        for row in rows:
            into.write_row([str(as_uuid(row[0])), *row[1:]])
            written.append((row[0], row[-2]))
    return written


def conversations() -> Iterator[list[Any]]:
    from atender.ids import new_ulid  # noqa: PLC0415 - needs the settings

    now = datetime.now(UTC)
    for number in range(CONVERSATIONS):
        at = now - timedelta(seconds=number * 60)
        is_open = number < OPEN
        start = [new_ulid(), f"chat-{number}", [], "chat", f"person-{number}@example.com"]
        yield [*start, False, "en", "en", "human", is_open, at, at, at, 1]


def messages(talks: list[tuple[str, datetime]]) -> Iterator[list[Any]]:
    from atender.ids import new_ulid, ulid_uuid  # noqa: PLC0415 - needs the settings

    chance = random.Random(1)
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    for number, (talk, at) in enumerate(talks):
        for place in range(SAID):
            words = chance.choices(WORDS, weights, k=12)
            if number % 50 == 0:
                words.append(f"{JAPANESE}{number}")
            if number == CONVERSATIONS // 3 and not place:
                words.append(NEEDLE)
            start = [new_ulid(), str(ulid_uuid(talk)), f"m-{place}", "customer", " ".join(words)]
            yield [*start, "en", "[]", at - timedelta(seconds=SAID - place), "", "", ""]


if __name__ == "__main__":
    main()
