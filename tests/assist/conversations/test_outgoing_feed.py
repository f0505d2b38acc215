"""Connectors that die wherever they can: nothing is lost, and nothing is sent twice."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from assist.conversations.answering import send_reply
from assist.conversations.outbox import note_delivered, waiting_for
from assist.models import Message
from atender.api.keys import issue_key
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.assist.conversations.making import make_conversation
from tests.conftest import api_client
from tests.factories import STAFF, partner_page

OUT = "/api/v1/outgoing-messages"


class Died(Exception):
    """The connector's process is gone; what it had committed is not."""


class Connector:
    """Sends into a queue of its own; the cursor is kept in the same step, as the docs say."""

    def __init__(self, api: Client, *, reports: bool) -> None:
        self.api, self.reports = api, reports
        self.kept: tuple[str, tuple[str, ...]] = ("", ())
        self.steps_left = -1

    def step(self) -> None:
        if self.steps_left == 0:
            raise Died
        self.steps_left -= 1

    def work(self) -> None:
        while True:
            self.step()
            after, sent = self.kept
            page = self.api.get(f"{OUT}?limit=2" + (f"&after={after}" if after else "")).json()
            for message in page["data"]:
                self.step()
                sent = (*sent, message["text"])
                self.kept = (message["cursor"], sent)
                self.step()
                if self.reports:
                    self.api.post(f"{OUT}/{message['id']}/delivered")
            if not page["more"]:
                return


@pytest.fixture
def say(acme: Tenant) -> Callable[..., Message]:
    conversation = make_conversation()
    numbers: Iterator[int] = count(1)

    def said(**kwargs: Any) -> Message:
        text = f"Reply {next(numbers)}"
        return send_reply(conversation, text, by=STAFF, submission_id=new_ulid(), **kwargs)[0]

    return said


@pytest.mark.parametrize("reports", [True, False])
def test_a_connector_that_dies_in_the_middle(
    api: Client, say: Callable[..., Message], reports: bool
) -> None:
    said: list[str] = []
    connector = Connector(api, reports=reports)
    for steps in range(12):
        said += [say().text, say().text]
        connector.steps_left = steps
        try:
            connector.work()
        except Died:
            continue
    connector.steps_left = -1
    connector.work()
    assert list(connector.kept[1]) == said


def test_what_is_committed_late_is_not_passed_by(api: Client, say: Callable[..., Message]) -> None:
    say()
    after = api.get(OUT).json()["next_after"]
    # As a message of a transaction that began earlier and ended later.
    late = say(at=timezone.now() - timedelta(minutes=5))
    page = api.get(f"{OUT}?after={after}").json()
    assert [each["id"] for each in page["data"]] == [late.id]
    nothing = api.get(f"{OUT}?after={page['next_after']}").json()
    assert nothing == {"data": [], "more": False, "next_after": page["next_after"]}


def test_what_somebody_else_sent_is_not_sent_again(
    api: Client, say: Callable[..., Message]
) -> None:
    first, second = say(), say()
    cursor = api.get(f"{OUT}?limit=1").json()["next_after"]
    note_delivered(second)
    assert api.get(f"{OUT}?after={cursor}").json()["data"] == []
    assert [each["id"] for each in api.get(OUT).json()["data"]] == [first.id]


def test_places_of_one_door_tell_nothing_of_another(
    api: Client, say: Callable[..., Message]
) -> None:
    for _ in range(3):
        say()
    assert api.get(OUT).json()["next_after"] == "3"
    own = [partner_page().id]
    _, text = issue_key("partners", scopes=["assist"], by=STAFF, page_ids=own)
    partners = api_client(text)
    theirs = make_conversation("chat-2", page_ids=own)
    send_reply(theirs, "Theirs", by=STAFF, submission_id=new_ulid())
    (only,) = partners.get(OUT).json()["data"]
    assert (only["text"], only["cursor"]) == ("Theirs", "1")


@pytest.mark.parametrize("after", ["x", "-1", "", "9" * 16, "１"])
def test_a_cursor_that_is_none_of_ours(api: Client, after: str) -> None:
    refused = api.get(OUT, {"after": after})
    assert (refused.status_code, b"none of ours" in refused.content) == (400, True)


@pytest.mark.usefixtures("fresh_database")
def test_two_who_list_at_once_see_the_same_places() -> None:
    seen: list[list[tuple[str, int | None]]] = []
    with in_tenant("acme"):
        conversation = make_conversation()
        for _ in range(20):
            send_reply(conversation, "Hello", by=STAFF, submission_id=new_ulid())
    both = threading.Barrier(2)

    def look() -> None:
        with in_tenant("acme"):
            both.wait(timeout=60)
            list(waiting_for([]))
            seen.append(list(waiting_for([]).values_list("pk", "outgoing_no")))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [number for _, number in seen[0]] == list(range(1, 21))
    assert seen[0] == seen[1]
