"""A way of being called is proved by a code before anybody is called there."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from alerts.models import Call, ContactMethod, MethodMessage
from alerts.people.reachable import add_method, change_method
from alerts.people.verifying import (
    TooManyMessages,
    WrongCode,
    ask_code,
    ask_test,
    confirm_method,
)
from atender.refusals import Conflict, Refused
from atender.staff.models import User
from atender.tenants.context import in_tenant
from tests.alerts.calling import called, in_seconds, policy, verified
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF
from tests.incidents.test_races import at_once
from tests.web_server import WebServer, reply

Box = list[EmailMessage]
CODE = re.compile(r"\b[0-9]{6}\b")


def pager(person: User) -> ContactMethod:
    return add_method(person, "email", "alice@pager.example", by=STAFF)


def code_in(mail: EmailMessage) -> str:
    found = CODE.search(str(mail.subject))
    assert found
    return found[0]


def sent_code(method: ContactMethod, mails: Box) -> tuple[str, datetime]:
    ask_code(method, by=STAFF)
    at = in_seconds(0)
    return code_in(mails[-1]), at


def test_the_address_of_signing_in_is_proved(alice: User) -> None:
    assert add_method(alice, "email", alice.email, by=STAFF).verified_at is not None
    assert pager(alice).verified_at is None


def test_only_what_is_verified_is_called(alice: User, mailoutbox: Box) -> None:
    method = pager(alice)
    policy([alice])
    first = make_alert(monitor=probe())
    at = in_seconds(0)
    assert called() == []
    assert "nobody can be reached" in first.entries.get(kind="escalated").text
    code, _ = sent_code(method, mailoutbox)
    assert mailoutbox[-1].to == ["alice@pager.example"]
    confirm_method(method, f" {code[:3]} {code[3:]} ", by=STAFF)
    make_alert("Queue is full", monitor=probe())
    in_seconds(120, at)
    assert Call.objects.filter(state="sent").count() == len(called())
    assert confirm_method(method, "000000", by=STAFF).verified_at is not None
    with pytest.raises(Conflict):
        ask_code(method, by=STAFF)


def test_nothing_of_a_code_is_stored(alice: User, mailoutbox: Box) -> None:
    method = pager(alice)
    code, _ = sent_code(method, mailoutbox)
    (row,) = MethodMessage.objects.values()
    assert code not in str({**row, "id": "", "method_id": ""})


def test_a_code_counts_once_for_a_while_and_for_few_guesses(alice: User, mailoutbox: Box) -> None:
    method = pager(alice)
    with pytest.raises(WrongCode, match="have one sent"):
        confirm_method(method, "000000", by=STAFF)
    code, at = sent_code(method, mailoutbox)
    wrong = "000000" if code != "000000" else "000001"
    with pytest.raises(WrongCode, match="still good"):
        confirm_method(method, code, by=STAFF, at=at + timedelta(minutes=15))
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode, match=f"{left} more t" if left else "another one"):
            confirm_method(method, wrong, by=STAFF, at=at)
    with pytest.raises(WrongCode):
        confirm_method(method, code, by=STAFF, at=at)
    newer, at = sent_code(method, mailoutbox)
    if newer != code:
        with pytest.raises(WrongCode):
            confirm_method(method, code, by=STAFF, at=at)
    assert confirm_method(method, newer, by=STAFF, at=at).verified_at == at


def test_another_address_is_verified_anew(alice: User, mailoutbox: Box) -> None:
    method = pager(alice)
    code, at = sent_code(method, mailoutbox)
    moved = change_method(method, by=STAFF, address="eve@pager.example")
    with pytest.raises(WrongCode):
        confirm_method(moved, code, by=STAFF, at=at)
    again, at = sent_code(moved, mailoutbox)
    assert confirm_method(moved, again, by=STAFF, at=at).verified_at
    kept = change_method(moved, by=STAFF, address="eve@pager.example", after_s=[60])
    assert kept.verified_at
    assert change_method(moved, by=STAFF, address="x@pager.example").verified_at is None
    add_method(alice, "email", alice.email, by=STAFF)
    with pytest.raises(Conflict):
        change_method(moved, by=STAFF, address=alice.email)


def test_codes_are_few_an_hour(alice: User, bob: User) -> None:
    method = pager(alice)
    now = timezone.now()
    for _ in range(5):
        ask_code(method, by=STAFF, at=now)
    with pytest.raises(TooManyMessages, match="within an hour"):
        ask_code(method, by=STAFF, at=now)
    same = add_method(bob, "email", "alice@pager.example", by=STAFF)
    with pytest.raises(TooManyMessages):
        ask_code(same, by=STAFF, at=now)
    ask_code(method, by=STAFF, at=now + timedelta(minutes=13))


def test_a_test_page_goes_where_a_page_would(alice: User, settings: Any) -> None:
    with pytest.raises(Refused, match="Verify it first"):
        ask_test(pager(alice), by=STAFF)
    with WebServer(lambda _: reply()) as chat:
        settings.ALERT_GATEWAYS = {"chat": f"json://{chat.base[7:]}/{{to}}"}
        message = ask_test(verified(add_method(alice, "chat", "alice", by=STAFF)), by=STAFF)
        in_seconds(0)
        assert b"This is a test page" in chat.requests[-1].body
    message.refresh_from_db()
    assert (message.state, message.answer) == ("sent", "")


def test_what_cannot_be_sent_says_so(alice: User, settings: Any) -> None:
    with WebServer(lambda _: reply(status=503)) as chat:
        settings.ALERT_GATEWAYS = {"chat": f"json://{chat.base[7:]}/{{to}}"}
        message = ask_code(add_method(alice, "chat", "alice", by=STAFF), by=STAFF)
        at = in_seconds(0)
        for seconds in (5, 15, 30):
            at = in_seconds(seconds, at)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 4)
    assert "did not take it" in message.answer


@pytest.mark.usefixtures("fresh_database")
def test_guessing_in_parallel_gains_nothing() -> None:
    with in_tenant("acme"):
        method = pager(User.objects.get(name="Alice"))
        ask_code(method, by=STAFF)

    def guess() -> None:
        with pytest.raises(WrongCode):
            confirm_method(method, "no code", by=STAFF)

    at_once(*[guess] * 4)
    with in_tenant("acme"):
        assert MethodMessage.objects.get().guesses == 4
