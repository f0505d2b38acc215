"""One update to many subscribers: mails a second from the queue to the recorded outcome.

Beside it, in turns and over the same loopback to the same sink, what Django sends of ready-made
personal messages without any database: one by one, and all over one connection.
"""

import json
import os
import socket
import tempfile
import time
from typing import Any

from tests.bench._database import database
from tests.bench._sink import sink, taken

RECIPIENTS = int(os.environ.get("RECIPIENTS", "20000"))
MANY = 100_000
ROUNDS = 5
NAIVE, REUSED = 100, 300
LIMIT = 5000


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home, sink() as port:
        # The settings of the demo; every mail goes to the sink.
        os.environ |= {
            "ATENDER_HOME": home,
            "ATENDER_DEMO": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        with database():
            print(json.dumps({"scenario": "fanout", **measure(port)}))


def measure(port: int) -> dict[str, float]:
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415

    create_tenant("bench", name="Müller & Söhne")
    with in_tenant("bench"):
        from incidents.catalogue.components import add_component  # noqa: PLC0415
        from tests.factories import STAFF  # noqa: PLC0415

        add_component("API", by=STAFF)
        add_subscribers(10)
        few_ms = posting_ms()
        add_subscribers(RECIPIENTS - 10)
        figures = sending(port)
        add_subscribers(MANY - RECIPIENTS)
        many_ms, expanded_s = posting_ms(), expansion_s()
    return {
        **figures,
        "expand_100k_s": expanded_s,
        "post_ms_with_10": few_ms,
        "post_ms_with_100k": many_ms,
    }


def sending(port: int) -> dict[str, float]:
    """Send in turns: as Django does, over one connection, and as the product does."""
    notice = post("Zahlungen über PayPal schlagen fehl — 支払い")
    ready = ready_made(NAIVE + REUSED)
    one_by_one(ready[:10])
    taken(port)
    took = {"naive": 0.0, "reused": 0.0, "product": 0.0}
    mails: list[tuple[str, bytes]] = []
    for turn in range(1, ROUNDS + 1):
        took["naive"] += timed(lambda: one_by_one(ready[:NAIVE]))
        took["reused"] += timed(lambda: over_one_connection(ready[NAIVE:]))
        taken(port)
        upto = RECIPIENTS * turn // ROUNDS
        took["product"] += timed(lambda upto=upto: work_off(notice, upto))
        mails += taken(port)
    per_s = len(mails) / took["product"]
    naive_per_s, reused_per_s = NAIVE * ROUNDS / took["naive"], REUSED * ROUNDS / took["reused"]
    people = {to for to, _ in mails}
    return {
        "recipients": RECIPIENTS,
        "per_s": round(per_s),
        "naive_per_s": round(naive_per_s),
        "reused_per_s": round(reused_per_s),
        "ratio_naive": round(per_s / naive_per_s, 1),
        "ratio_reused": round(per_s / reused_per_s, 1),
        "sink_per_s": round(limit_of_sink(port, mails[0])),
        "lost": RECIPIENTS - len(people) + count_wrong(mails),
        "duplicated": len(mails) - len(people),
    }


def timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def add_subscribers(count: int) -> None:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from atender.ids import ulid_uuid  # noqa: PLC0415
    from incidents.models import Page  # noqa: PLC0415

    page = Page.objects.get(is_default=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH new AS (INSERT INTO subscribers_subscriber (page_id, channel, address, language,"
            " kinds, state, version, created_at, verified_at) SELECT %s, 'email',"
            " 'person' || (SELECT count(*) FROM subscribers_subscriber) + n || '@example.com',"
            " 'en', 'both', 'active', 1, now(), now() FROM generate_series(1, %s) AS n"
            " RETURNING id) INSERT INTO subscribers_scope (subscriber_id, created_at)"
            " SELECT id, now() FROM new",
            [ulid_uuid(page.pk), count],
        )
        cursor.execute("ANALYZE")


def post(title: str) -> Any:
    from subscribers.models import Notice  # noqa: PLC0415 - needs the settings
    from tests.factories import make_incident  # noqa: PLC0415

    incident = make_incident(title)
    return Notice.objects.get(incident=incident)


def posting_ms() -> float:
    """Post an update, as often as it takes for a median; nothing is sent."""
    from django_q.models import OrmQ  # noqa: PLC0415 - needs the settings

    from atender.due.models import Due  # noqa: PLC0415
    from incidents.lifecycle import delete_incident, post_update  # noqa: PLC0415
    from incidents.transitions import Saying  # noqa: PLC0415
    from subscribers.models import Notice  # noqa: PLC0415
    from tests.factories import STAFF, make_incident  # noqa: PLC0415

    incident = make_incident("Slow answers")
    times = []
    for number in range(30):
        saying = Saying(body=f"Still looking, number {number}.")
        times.append(timed(lambda said=saying: post_update(incident, by=STAFF, saying=said)))
    delete_incident(incident, by=STAFF)
    Notice.objects.filter(incident=incident).delete()
    OrmQ.objects.all().delete()
    Due.objects.all().delete()
    return round(sorted(times)[15] * 1000, 1)


def expansion_s() -> float:
    from subscribers.fanout import expand  # noqa: PLC0415 - needs the settings

    notice = post("All of them")
    return round(timed(lambda: expand(notice.pk)), 2)


def work_off(notice: Any, upto: int) -> None:
    """Do the queue's tasks, as its worker does, until so many have their mail."""
    from django_q.models import OrmQ  # noqa: PLC0415 - needs the settings

    from atender.due import work  # noqa: PLC0415

    while notice.deliveries.filter(state="sent").count() < upto:
        row = OrmQ.objects.order_by("id").first()
        if row is None:
            raise RuntimeError("The queue is empty before all is sent.")
        task = row.task
        row.delete()
        work.run(*task["args"])


def ready_made(count: int) -> list[Any]:
    """Mails with the same words and headers, made for one recipient each."""
    from subscribers.mailing.composing import compose  # noqa: PLC0415 - needs the settings
    from subscribers.mailing.mails import Mail, links_of, list_headers  # noqa: PLC0415
    from subscribers.models import Notice, Subscriber  # noqa: PLC0415

    notice = Notice.objects.select_related("update__incident").latest("id")
    assert notice.update is not None
    page = notice.story.pages.get()
    letter = compose(notice.update, page, "en")
    mails = []
    for subscriber in Subscriber.objects.all()[:count]:
        links = {**links_of(subscriber, letter.base), "reason": "you subscribed to everything"}
        text, html = letter.text, letter.html
        for name, mark in letter.marks.items():
            text, html = text.replace(mark, links[name]), html.replace(mark, links[name])
        headers = list_headers(links["unsubscribe"], letter.host, "update")
        headers |= {"Message-ID": f"<{subscriber.pk}@host>", "References": "<thread@host>"}
        mail = Mail(
            letter.subject, text, "status@example.com", [subscriber.address], headers=headers
        )
        mail.attach_alternative(html, "text/html")
        mails.append(mail)
    return mails


def one_by_one(mails: list[Any]) -> None:
    for mail in mails:
        mail.connection = None
        mail.send()


def over_one_connection(mails: list[Any]) -> None:
    from django.core.mail import get_connection  # noqa: PLC0415 - needs the settings

    get_connection().send_messages(mails)


def count_wrong(mails: list[tuple[str, bytes]]) -> int:
    """Count mails that are not, to the byte, what everybody got with the recipient's own in it."""
    from subscribers.models import Delivery  # noqa: PLC0415 - needs the settings
    from subscribers.tokens import Purpose, signed_token  # noqa: PLC0415

    rows = Delivery.objects.filter(state="sent").select_related("subscriber")
    own = {
        row.subscriber.address: [
            row.message_id,
            *(signed_token(row.subscriber_id, 1, purpose) for purpose in Purpose),
        ]
        for row in rows.iterator()
    }
    # The date and the boundary are those of a turn.
    rests: dict[bytes, int] = {}
    wrong = 0
    for to, content in mails:
        message_id, manage, leave = (value.encode() for value in own[to])
        head = content.partition(b"\r\n\r\n")[0]
        counts = (head.count(leave), content.count(manage), content.count(leave))
        wrong += counts != (1, 2, 3) or content.count(message_id) != 1
        for value in (manage, leave, message_id, to.encode(), *turns_own(head)):
            content = content.replace(value, b"")
        rests[content] = rests.get(content, 0) + 1
    return wrong + len(mails) - max(rests.values())


def turns_own(head: bytes) -> list[bytes]:
    date = next(line for line in head.split(b"\r\n") if line.startswith(b"Date: "))
    return [date, head.partition(b'boundary="')[2].partition(b'"')[0]]


def limit_of_sink(port: int, mail: tuple[str, bytes]) -> float:
    """Push mails without waiting for any answer."""
    to, content = mail
    words = b"MAIL FROM:<a@example.com>\r\nRCPT TO:<%b>\r\nDATA\r\n%b.\r\n" % (to.encode(), content)
    with socket.create_connection(("127.0.0.1", port)) as wire:
        started = time.perf_counter()
        for _ in range(LIMIT // 100):
            wire.sendall(words * 100)
        wire.sendall(b"QUIT\r\n")
        while wire.recv(65_536):
            pass
    took = time.perf_counter() - started
    taken(port)
    return LIMIT / took


if __name__ == "__main__":
    main()
