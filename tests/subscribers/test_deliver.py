"""What becomes of each delivery, whatever the mail server does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from atender.due.models import Due
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.timeline import delete_update
from incidents.transitions import AlreadyClosed, Saying
from subscribers import fanout
from subscribers.deliveries import claims
from subscribers.deliveries.lanes import PAUSES
from subscribers.mailing import composing
from subscribers.models import Delivery, DeliveryState, Notice, NoticeState, Subscriber
from subscribers.people.asked import Asked
from subscribers.people.changing import choose_scopes
from subscribers.people.enrolment import remove_subscriber, unsubscribe
from tests.factories import STAFF, component, make_incident
from tests.smtp_sink import HANG_UP, STALL, TAKE_AND_HANG_UP, SmtpSink
from tests.subscribers.making import make_subscriber, say, strike, work_off

PEOPLE = [f"p{number}@example.com" for number in range(5)]


def told(sink: SmtpSink) -> list[str]:
    """Who was told, in their order; what admins are told of failures is no such mail."""
    return [mail.to for mail in sink.taken if mail.to in PEOPLE]


@pytest.fixture(params=["chunks", "texts"])
def incident(acme: Tenant, sink: SmtpSink, request: pytest.FixtureRequest) -> Incident:
    """An incident with five subscribers, its first mails queued."""
    sink.takes_chunks = request.param == "chunks"
    for address in PEOPLE:
        make_subscriber(address)
    return make_incident()


def states() -> dict[str, str]:
    rows = Delivery.objects.values_list("subscriber__address", "state")
    return dict(rows.order_by("subscriber__address"))


def of(address: str) -> Delivery:
    return Delivery.objects.get(subscriber__address=address)


def later(**after: float) -> int:
    with time_machine.travel(timezone.now() + timedelta(**after), tick=True):
        return strike()


def test_everyone_gets_one_over_one_connection(incident: Incident, sink: SmtpSink) -> None:
    work_off()
    assert told(sink) == PEOPLE
    assert sink.connections == 1
    assert set(states().values()) == {DeliveryState.SENT}
    assert of(PEOPLE[0]).attempts == 1
    assert Notice.objects.get().state == NoticeState.SENT
    assert not Due.objects.filter(key=Notice.objects.get().pk).exists()


def test_more_than_a_batch_goes_on_at_the_end_of_the_queue(
    incident: Incident, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "BATCH", 2)
    monkeypatch.setattr(fanout, "TURN_LASTS_S", 0)
    work_off(2)
    assert len(sink.taken) == 2
    other = make_incident("Search is slow", components=("Web app",))
    work_off(2)
    # The second incident's expansion came before the first one's last batch.
    assert other.notices.get().state == NoticeState.SENDING
    assert len(sink.taken) == 4
    work_off()
    assert len(sink.taken) == 10


def test_a_refused_recipient_fails_and_the_others_do_not_notice(
    incident: Incident, sink: SmtpSink
) -> None:
    sink.answer("RCPT", "550 5.1.1 no such user", to=PEOPLE[1])
    sink.answer("DATA", "554 5.7.1 looks like spam", to=PEOPLE[3])
    work_off()
    assert states()[PEOPLE[1]] == states()[PEOPLE[3]] == DeliveryState.FAILED
    assert of(PEOPLE[1]).answer == "550 5.1.1 no such user"
    assert told(sink) == [PEOPLE[0], PEOPLE[2], PEOPLE[4]]
    # One for all of them, and one for what the admins are told.
    assert sink.connections == 2
    later(days=3)
    assert of(PEOPLE[1]).attempts == of(PEOPLE[3]).attempts == 1


def test_a_recipient_who_is_put_off_is_tried_again_later(
    incident: Incident, sink: SmtpSink
) -> None:
    sink.answer("RCPT", "450 4.2.0 greylisted", to=PEOPLE[1], times=2)
    work_off()
    assert (of(PEOPLE[1]).state, of(PEOPLE[1]).answer) == ("waiting", "450 4.2.0 greylisted")
    assert len(sink.taken) == 4
    later(seconds=50)
    assert of(PEOPLE[1]).attempts == 1
    later(seconds=61)
    assert of(PEOPLE[1]).attempts == 2
    later(seconds=400)
    assert told(sink).count(PEOPLE[1]) == 1
    assert len(sink.taken) == 5
    assert Notice.objects.get().state == NoticeState.SENT


def test_who_is_put_off_for_ever_has_failed_in_the_end(incident: Incident, sink: SmtpSink) -> None:
    sink.answer("RCPT", "451 4.3.0 try later", to=PEOPLE[0])
    work_off()
    for tries in range(1, 8):
        later(days=tries)
    assert of(PEOPLE[0]).state == DeliveryState.FAILED
    assert of(PEOPLE[0]).attempts == len(PAUSES) + 1
    assert Notice.objects.get().state == NoticeState.SENT


@pytest.mark.parametrize("trouble", [HANG_UP, TAKE_AND_HANG_UP, "421 4.7.0 enough for now"])
def test_a_server_that_hangs_up_now_and_then(
    incident: Incident, sink: SmtpSink, trouble: str
) -> None:
    sink.answer("DATA", trouble, to=PEOPLE[2], times=1)
    work_off()
    assert sorted(told(sink)) == PEOPLE
    assert set(states().values()) == {DeliveryState.SENT}
    assert sink.connections == 2


def test_a_server_that_takes_nobody_pauses_the_notice_and_fails_no_recipient(
    incident: Incident, sink: SmtpSink
) -> None:
    sink.answer("MAIL", "530 5.7.0 authentication required")
    work_off()
    notice = Notice.objects.get()
    assert "530 5.7.0 authentication required" in notice.trouble
    assert set(states().values()) == {DeliveryState.WAITING}
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    sink.behave()
    later(minutes=2)
    assert set(states().values()) == {DeliveryState.SENT}
    notice.refresh_from_db()
    assert (notice.trouble, notice.failures) == ("", 0)


def test_a_server_that_is_away_for_ten_minutes(incident: Incident, sink: SmtpSink) -> None:
    sink.stop()
    work_off()
    assert Notice.objects.get().trouble
    for seconds in (6, 30, 120, 500):
        later(seconds=seconds)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}
    assert Notice.objects.get().failures == 5
    sink.start()
    later(seconds=900)
    assert told(sink) == PEOPLE


def test_one_mail_that_stalls_the_server_does_not_stop_the_others(
    incident: Incident, sink: SmtpSink, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 2
    sink.answer("DATA", STALL, to=PEOPLE[0])
    work_off()
    assert of(PEOPLE[0]).state == DeliveryState.WAITING
    later(seconds=6)
    assert told(sink) == PEOPLE[1:]
    assert of(PEOPLE[0]).attempts == 1


def test_who_left_meanwhile_gets_nothing(incident: Incident, sink: SmtpSink) -> None:
    work_off(1)
    unsubscribe(Subscriber.objects.get(address=PEOPLE[0]))
    choose_scopes(
        Subscriber.objects.get(address=PEOPLE[1]),
        asked=Asked([component("Payments")]),
        kinds="both",
    )
    remove_subscriber(Subscriber.objects.get(address=PEOPLE[2]), by=STAFF)
    work_off()
    assert told(sink) == PEOPLE[3:]
    assert states() == {
        PEOPLE[0]: DeliveryState.SKIPPED,
        PEOPLE[1]: DeliveryState.SKIPPED,
        PEOPLE[3]: DeliveryState.SENT,
        PEOPLE[4]: DeliveryState.SENT,
    }


def test_who_was_told_elsewhere_gets_no_mail(
    incident: Incident, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "_told_elsewhere", [])
    claims.ask_before_sending(
        lambda notice, people: {pk for pk, address in people.items() if address == PEOPLE[4]}
    )
    work_off()
    assert told(sink) == PEOPLE[:4]
    assert of(PEOPLE[4]).state == DeliveryState.SKIPPED


def test_what_visitors_may_not_read_any_more_is_not_sent_either(
    incident: Incident, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_off()
    sink.taken.clear()
    monkeypatch.setattr(claims, "BATCH", 2)
    monkeypatch.setattr(fanout, "TURN_LASTS_S", 0)
    update = say(incident, "Customer Initech is affected.")
    work_off(2)
    delete_update(update, by=STAFF)
    work_off()
    assert len(sink.taken) == 2
    assert Delivery.objects.filter(state=DeliveryState.SKIPPED).count() == 3


def test_two_clicks_on_resolve_are_one_resolution_and_one_mail(
    incident: Incident, sink: SmtpSink
) -> None:
    work_off()
    sink.taken.clear()
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    with pytest.raises(AlreadyClosed):
        post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    work_off()
    assert told(sink) == PEOPLE


def test_each_resolution_has_its_final_mail(incident: Incident, sink: SmtpSink) -> None:
    for status in ("resolved", "investigating", "resolved"):
        say(incident, status=status)
        work_off()
        later(seconds=2)
    subjects = [mail.message["Subject"] for mail in sink.to(PEOPLE[0])]
    assert sum("Resolved" in subject for subject in subjects) == 2


def test_a_failing_template_leaves_the_incident_posted_and_loses_nothing(
    incident: Incident, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a tag is not closed")

    with monkeypatch.context() as patch:
        patch.setattr(composing, "render_to_string", broken)
        work_off()
        assert "a tag is not closed" in Notice.objects.get().trouble
        say(incident, "We know the cause.", status="identified")
    assert Incident.objects.get().status == "identified"
    assert not sink.taken
    later(minutes=1)
    later(minutes=2)
    assert len(sink.taken) == 10
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_a_mail_that_cannot_be_made_fails_alone(incident: Incident, sink: SmtpSink) -> None:
    Subscriber.objects.filter(address=PEOPLE[0]).update(address="p0@example.com\nBcc: x@y.example")
    work_off()
    failed = Delivery.objects.get(state=DeliveryState.FAILED)
    assert "Invalid address" in failed.answer
    assert told(sink) == PEOPLE[1:]
