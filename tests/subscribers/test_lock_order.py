"""Verbs that meet over one person wait for each other, and never in a circle."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assist.conversations import linking
from assist.conversations.linking import link_and_subscribe, unlink
from assist.models import Conversation
from atender.erasing import erase_person
from atender.tenants.context import in_tenant
from subscribers.models import Scope, Subscriber, Verification
from subscribers.people import enrolment, verification
from subscribers.people.enrolment import Asked, choose_scopes, subscribe
from tests.assist.conversations.making import MARIA, make_conversation
from tests.factories import STAFF, default_page, make_incident
from tests.subscribers.making import make_subscriber, say, work_off

BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
PATIENCE_S = 5.0


@pytest.fixture
def committed(fresh_database: str) -> Iterator[None]:
    with in_tenant("acme"):
        yield


class Other:
    """Does something in a thread of its own; `result` raises what it raised."""

    def __init__(self, deed: Callable[[], object]) -> None:
        self._deed = deed
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._do)
        self._thread.start()

    def _do(self) -> None:
        try:
            with in_tenant("acme"):
                self._deed()
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    def wait_until_blocked(self) -> None:
        """Until it waits for somebody's lock, or has come to its end without."""
        until = time.monotonic() + PATIENCE_S
        while self._thread.is_alive() and time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(BLOCKED)
                if cursor.fetchone() != (0,):
                    return
            time.sleep(0.01)

    def result(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error


def erase() -> None:
    erase_person(MARIA, by=STAFF)


def meets_erasure(monkeypatch: pytest.MonkeyPatch, module: Any, step: str) -> list[Other]:
    """Have the erasure begin when a verb has come to a step of its own."""
    begun: list[Other] = []
    real = getattr(module, step)

    def with_erasure(*args: Any, **kwargs: Any) -> Any:
        begun.append(Other(erase))
        begun[0].wait_until_blocked()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, step, with_erasure)
    return begun


def test_who_chooses_while_being_erased(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    subscriber = make_subscriber(MARIA)
    begun = meets_erasure(monkeypatch, enrolment, "activate")
    choose_scopes(subscriber, asked=Asked(), kinds="incidents")
    begun[0].result()
    assert not Subscriber.objects.exists()


def test_who_is_unlinked_while_being_erased(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = make_incident()
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, incident, by=STAFF)
    say(incident, "More.")
    work_off()
    begun = meets_erasure(monkeypatch, linking, "reopen_card")
    assert unlink(conversation, incident, by=STAFF)
    begun[0].result()
    assert not Subscriber.objects.exists()
    assert not Conversation.objects.exists()


def old_question() -> Verification:
    """Asked eight days ago, and never answered."""
    asked_at = timezone.now() - timedelta(days=8)
    subscriber = subscribe(default_page(), address=MARIA)
    subscriber.verifications.update(created_at=asked_at, expires_at=asked_at + timedelta(days=7))
    return Verification.objects.select_related("subscriber").get(subscriber=subscriber)


def test_who_asks_again_while_an_old_question_is_forgotten(committed: None) -> None:
    old = old_question()
    with transaction.atomic():
        subscribe(default_page(), address=MARIA)
        other = Other(lambda: verification.forget(old))
        other.wait_until_blocked()
    other.result()
    assert Subscriber.objects.get().verifications.count() == 1


def test_who_is_enrolled_while_an_old_question_is_forgotten(committed: None) -> None:
    old = old_question()
    # Loaded while it was pending still.
    assert not old.subscriber.is_active
    link_and_subscribe(make_conversation(is_proved=True), make_incident(), by=STAFF)
    verification.forget(old)
    assert Subscriber.objects.get().is_active
    assert Scope.objects.count() == 1
