"""Subscribe, verify, one mail an update, unsubscribe: as a visitor sees it."""

from django.test import Client

from subscribers.models import Delivery, DeliveryState, Subscriber, SubscriberState
from tests.factories import make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import links_in, press, say, work_off

ADDRESS = "maria@example.com"


def test_from_subscribing_to_unsubscribing(visitor: Client, sink: SmtpSink) -> None:
    assert visitor.post("/subscribe", {"email": ADDRESS}).status_code == 200
    work_off()
    (question,) = sink.taken
    verify, *_ = links_in(question.part("plain"))
    assert verify.endswith("/verify")

    assert b"<form" in visitor.get(verify).content
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    assert press(visitor, verify).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.ACTIVE

    incident = make_incident()
    say(incident, "The cause is a full disk.", status="identified")
    work_off()
    mails = sink.to(ADDRESS)[1:]
    assert [mail.message["Subject"] for mail in mails] == [
        "[Acme] Investigating: API response times degraded",
        "[Acme] Identified: API response times degraded",
    ]
    assert "The cause is a full disk." in mails[1].part("plain")
    assert "The cause is a full disk." in mails[1].part("html")

    leave = mails[1].raw_headers["List-Unsubscribe"].strip("<>").partition(":8000")[2]
    leave = leave or links_in(mails[1].part("plain"))[-1]
    answer = visitor.post(leave, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})

    say(incident, "It is over.", status="resolved")
    work_off()
    assert len(sink.taken) == 3
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 2


def test_who_never_confirms_gets_only_the_question(visitor: Client, sink: SmtpSink) -> None:
    visitor.post("/subscribe", {"email": ADDRESS})
    make_incident()
    work_off()
    assert [mail.message["Subject"] for mail in sink.taken] == ["[Acme] Confirm your subscription"]
