"""Verbs that meet over one person wait for each other, and never in a circle."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from assist.conversations import erasing, linking
from assist.conversations.linking import link_and_subscribe, unlink
from assist.conversations.opening import delete_conversation
from assist.models import Conversation, Tally
from atender.erasing import erase_person
from atender.tenants.context import in_tenant
from subscribers.forms import views
from subscribers.models import Scope, Subscriber, Verification
from subscribers.people import changing, verification
from subscribers.people.asked import Asked
from subscribers.people.changing import choose_scopes
from subscribers.people.enrolment import subscribe
from tests.assist.conversations.making import MARIA, answer, make_conversation
from tests.factories import STAFF, default_page, make_incident
from tests.meeting import Other, meets
from tests.subscribers.making import make_subscriber, say, unsubscribe_path, work_off


@pytest.fixture
def committed(fresh_database: str) -> Iterator[None]:
    with in_tenant("acme"):
        yield


def erase() -> None:
    erase_person(MARIA, by=STAFF)


def test_who_chooses_while_being_erased(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    subscriber = make_subscriber(MARIA)
    begun = meets(monkeypatch, changing, "activate", erase)
    choose_scopes(subscriber, asked=Asked(), kinds="incidents")
    begun[0].result()
    assert not Subscriber.objects.exists()


def test_who_leaves_while_being_erased_finds_nothing_there(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = unsubscribe_path(make_subscriber(MARIA))
    begun = meets(monkeypatch, views, "unsubscribe", erase)
    visitor = Client(HTTP_HOST="status.acme.localhost")
    answer = visitor.post(path, {"List-Unsubscribe": "One-Click"})
    begun[0].result()
    assert answer.status_code == 404


def test_who_is_unlinked_while_being_erased(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = make_incident()
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, incident, by=STAFF)
    say(incident, "More.")
    work_off()
    begun = meets(monkeypatch, linking, "reopen_card", erase)
    assert unlink(conversation, incident, by=STAFF)
    begun[0].result()
    assert not Subscriber.objects.exists()
    assert not Conversation.objects.exists()


def test_a_conversation_is_deleted_while_another_customer_is_erased(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_incident(), make_incident("Payments fail at checkout")
    maria, li, jonas = (
        make_conversation(name, address=f"{name}@example.com") for name in ("maria", "li", "jonas")
    )
    for conversation, incident in ((maria, first), (jonas, first), (jonas, second)):
        link_and_subscribe(conversation, incident, by=STAFF, subscribes=False)
    answer(li, second, f"{MARIA} hears of it.")
    begun = meets(monkeypatch, erasing, "remember", lambda: delete_conversation(jonas, by=STAFF))
    erase()
    begun[0].result()
    assert list(Conversation.objects.all()) == [li]
    counted = {t.incident_id: (t.linked, t.answered) for t in Tally.objects.all()}
    assert counted == {first.pk: (2, 0), second.pk: (1, 1)}


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
