"""The question's mail: sent once, sent again where nobody knows, forgotten when unanswered."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from atender.due.models import Due
from atender.tenants.models import Tenant
from subscribers.models import Subscriber, Verification
from subscribers.people.enrolment import subscribe
from subscribers.people.verification import ask
from tests.factories import default_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import links_in, make_subscriber, press, strike, work_off


@pytest.fixture
def question(acme: Tenant, sink: SmtpSink) -> Verification:
    subscribe(default_page(), address="maria@example.com")
    return Verification.objects.get()


def later(**after: float) -> None:
    with time_machine.travel(timezone.now() + timedelta(**after), tick=True):
        strike()


def test_a_mail_server_that_is_away_gets_it_later(question: Verification, sink: SmtpSink) -> None:
    sink.stop()
    work_off()
    sink.start()
    later(minutes=1)
    assert [mail.to for mail in sink.taken] == ["maria@example.com"]


def test_sent_twice_both_links_work(
    question: Verification, sink: SmtpSink, visitor: Client
) -> None:
    """A worker ended after the mail was out; the first mail must not have become a dead link."""
    ask(question.pk)
    ask(question.pk)
    first, second = (links_in(mail.part("plain"))[0] for mail in sink.taken)
    assert first != second
    assert press(visitor, first).status_code == 200
    assert press(visitor, second).status_code == 200
    assert not Verification.objects.filter(used_at=None).exists()


def test_a_refused_address_is_not_asked_again(question: Verification, sink: SmtpSink) -> None:
    sink.answer("RCPT", "550 5.1.1 no such user")
    work_off()
    sink.behave()
    later(days=2)
    assert not sink.taken


def test_without_an_answer_the_address_is_forgotten(question: Verification, sink: SmtpSink) -> None:
    work_off()
    later(days=8)
    assert not Subscriber.objects.exists()
    assert not Due.objects.exists()
    assert len(sink.taken) == 1


def test_a_subscriber_is_not_forgotten_with_a_question(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    subscribe(default_page(), address="maria@example.com")
    later(days=8)
    assert Subscriber.objects.get().is_active
