"""Many mails over few connections, whatever the server can and does."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from atender.outbound.smtp_parcels import Parcel
from atender.tenants.models import Tenant
from subscribers.mailing import lines
from subscribers.mailing.provider_calls import Personal
from subscribers.models import Delivery, DeliveryState
from tests.factories import make_incident
from tests.smtp_sink import HANG_UP, RESET, STALL, TAKE_AND_HANG_UP, WAIT, SmtpSink
from tests.subscribers.making import make_subscriber, strike, work_off

PEOPLE = [f"p{number:02}@example.com" for number in range(30)]


@pytest.fixture
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stands still for seconds is no server that stalls."""
    monkeypatch.setattr(lines, "HANG_UP_S", 600.0)


@pytest.fixture(params=["chunks", "pipelining", "step by step"])
def server(acme: Tenant, sink: SmtpSink, request: pytest.FixtureRequest) -> SmtpSink:
    """A server that has thirty subscribers' mails coming, over several connections."""
    sink.pipelines = request.param != "step by step"
    sink.takes_chunks = request.param == "chunks"
    for address in PEOPLE:
        make_subscriber(address)
    make_incident("Zahlungen über PayPal")
    return sink


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def test_many_mails_go_over_several_connections_once_each(server: SmtpSink) -> None:
    work_off()
    assert sorted(mail.to for mail in server.taken) == PEOPLE
    assert server.connections == lines.LINES
    assert states() == {DeliveryState.SENT: 30}


def test_refused_recipients_between_others(server: SmtpSink) -> None:
    for number in (0, 7, 8, 29):
        server.answer("RCPT", "550 5.1.1 no such user", to=PEOPLE[number])
    server.answer("DATA", "554 5.6.0 not this", to=PEOPLE[12])
    server.answer("RCPT", "450 4.2.0 greylisted", to=PEOPLE[13])
    work_off()
    assert states() == {
        DeliveryState.SENT: 24,
        DeliveryState.FAILED: 5,
        DeliveryState.WAITING: 1,
    }
    assert len({mail.to for mail in server.taken}) == len(server.taken) == 24


@pytest.mark.usefixtures("no_hurry")
@pytest.mark.parametrize("trouble", [HANG_UP, RESET, TAKE_AND_HANG_UP, "421 4.7.0 enough"])
def test_a_server_that_hangs_up_again_and_again(server: SmtpSink, trouble: str) -> None:
    for number in (5, 6, 15, 25):
        server.answer("DATA", trouble, to=PEOPLE[number], times=1)
    work_off()
    # Who was announced on two of these lines, one after the other, waits a minute.
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        strike()
    assert states() == {DeliveryState.SENT: 30}
    assert sorted(mail.to for mail in server.taken) == PEOPLE


class HangsUpMeanwhile:
    """A maker of mails that takes as long over one of them as the server needs to hang up."""

    def __init__(self, sink: SmtpSink, slow: int) -> None:
        self.sink, self.slow = sink, slow

    def parcel(self, key: int, from_address: str, takes_eight_bits: bool) -> Parcel:
        if key == self.slow:
            self.sink.goes_on.set()
            assert self.sink.hung_up.wait(60)
        content = b"Subject: What came of it\r\n\r\nNothing yet.\r\n"
        return Parcel(key, f"sender-of-{key}@example.com", PEOPLE[key], content)

    def personal(self, key: int, from_address: str) -> Personal:
        raise AssertionError("This sink is no provider.")


@pytest.mark.usefixtures("no_hurry")
def test_what_was_said_before_a_server_hung_up_is_heard(acme: Tenant, sink: SmtpSink) -> None:
    sink.takes_chunks = True
    # Sixteen are out when the seventeenth is made, eight of them answered.
    sink.answer("MAIL", WAIT, to="sender-of-8@example.com", times=1)
    sink.answer("DATA", RESET, to=PEOPLE[12], times=1)
    post = lines.Post()
    told = list(post.carry(range(20), HangsUpMeanwhile(sink, slow=16), lambda: True))
    post.close()
    assert [mail.to for mail in sink.taken] == PEOPLE[:20]
    assert sorted(answer[0] for answer in told if answer) == list(range(20))


def test_a_stalled_mail_holds_up_its_own_connection_alone(server: SmtpSink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 6
    server.answer("DATA", STALL, to=PEOPLE[9])
    work_off()
    assert states() == {DeliveryState.SENT: 29, DeliveryState.WAITING: 1}
    assert Delivery.objects.get(state=DeliveryState.WAITING).attempts == 1


def test_a_server_that_takes_one_connection_and_no_more(server: SmtpSink) -> None:
    server.most_connections = 1
    work_off()
    assert states() == {DeliveryState.SENT: 30}
    assert len(server.taken) == 30


def test_seven_bits_alone(server: SmtpSink) -> None:
    server.takes_eight_bits = False
    work_off()
    assert len(server.taken) == 30
    for mail in server.taken:
        assert mail.content.isascii()
        assert "Zahlungen über PayPal" in mail.part("plain")
