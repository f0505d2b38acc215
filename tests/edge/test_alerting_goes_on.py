"""PostgreSQL goes away under a prober and under a page-out: nothing is lost or told twice."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.edge.serving import ROOT, Installation, Web, kept, until
from tests.web_server import Request, WebServer, reply

LIMIT_S, LEFT_S = 120.0, 3.0


class Shop:
    """A service that may be broken, and the channel that hears of it."""

    def __init__(self) -> None:
        self.is_broken, self.checked = True, 0
        self.is_thinking, self.may_answer = threading.Event(), threading.Event()
        self.told: list[Request] = []

    def answer(self, request: Request) -> bytes:
        """Break at first; a page is under way for as long as it thinks about its first call."""
        if request.target == "/hook":
            self.told.append(request)
            if len(self.told) == 1:
                self.is_thinking.set()
                self.may_answer.wait(8)
            return reply()
        self.checked += 1
        return reply(status=500 if self.is_broken else 200)


@contextmanager
def running(installation: Installation, *commands: str) -> Iterator[None]:
    with ExitStack() as stack:
        for command in commands:
            process = subprocess.Popen(
                [sys.executable, "manage.py", *command.split()],
                cwd=ROOT,
                env=installation.environment(),
                start_new_session=True,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait, 120)
            stack.callback(process.terminate)
        yield


def watch(installation: Installation, web: Web, base: str) -> str:
    """Have the shop watched; its failures call a webhook and a person by mail."""
    channel = installation.post(
        web, "/alert-channels", name="Hook", kind="webhook", address=f"{base}/hook"
    )
    person = "alice@acme.example"
    installation.post(web, "/contact-methods", person=person, kind="email", address=person)
    group = installation.post(
        web,
        "/notification-groups",
        name="Shop",
        channel_ids=[channel["id"]],
        people=[person],
    )
    monitor = installation.post(
        web,
        "/monitors",
        name="Shop watched through trouble",
        kind="http",
        url=f"{base}/shop",
        interval_s=5,
        retries=0,
        notification_group_id=group["id"],
    )
    return str(monitor["id"])


def restart(installation: Installation) -> None:
    installation.postgres.stop()
    installation.postgres.start()


def in_the_end(installation: Installation, found: Callable[[], object]) -> None:
    """Wait for it; every few seconds half a minute passes for what a process left behind."""
    began, looked = time.monotonic(), 0.0
    while not found():
        passed = time.monotonic() - began
        assert passed < LIMIT_S, "it did not happen in time"
        if passed - looked > LEFT_S:
            looked = passed
            installation.query(
                "UPDATE due_due SET lease_until = now() WHERE lease_until < 'infinity'"
            )
        time.sleep(0.1)


def test_the_database_goes_away_under_prober_and_page(installation: Installation, web: Web) -> None:
    shop = Shop()

    def alerts() -> list[Any]:
        answer = web.get(
            "/api/v1/alerts",
            host="acme.localhost",
            Authorization=f"Bearer {installation.tenants['acme']['key']}",
        )
        rows = answer.json().get("data", []) if answer.status == 200 else []
        return [row for row in rows if row["monitor_id"] == monitor_id]

    def mails() -> list[bytes]:
        found = kept(installation.home / "mail")
        return [mail for mail in found if b"Shop watched through trouble is down" in mail]

    def ids_of(mails: list[bytes]) -> set[bytes]:
        return {mail.split(b"Message-ID: ")[1].split()[0] for mail in mails}

    def are_over() -> list[bytes]:
        return [mail for mail in mails() if b"Over: " in mail]

    with WebServer(shop.answer) as server:
        monitor_id = watch(installation, web, server.base)
        try:
            with running(installation, "clock", "qcluster", "probe"):
                until(shop.is_thinking.is_set, LIMIT_S)
                checked = shop.checked
                restart(installation)
                shop.may_answer.set()
                in_the_end(installation, lambda: shop.checked > checked)
                in_the_end(installation, lambda: mails() and len(alerts()) == 1)
                shop.is_broken = False
                in_the_end(installation, lambda: alerts()[0]["status"] == "resolved")
                in_the_end(
                    installation, lambda: len({r.headers["webhook-id"] for r in shop.told}) == 2
                )
                in_the_end(installation, are_over)
        finally:
            installation.delete(web, f"/monitors/{monitor_id}")
        assert len(alerts()) == 1
        # One call, and once that it is over.
        assert len(ids_of(are_over())) == 1
        assert len(ids_of(mails())) == 2
