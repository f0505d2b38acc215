"""What a provider reports: dead addresses get nothing more, and nobody else is touched."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from atender.outbound.events import events_token
from atender.outbound.models import MailChannel
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from subscribers.models import Delivery, Subscriber, SubscriberState
from subscribers.people.enrolment import subscribe
from subscribers.people.suppressing import NotSuppressed, lift_suppression
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, work_off

MARIA = "maria@example.com"


def make_channel(name: str = "postmark", **options: str) -> MailChannel:
    channel = MailChannel(provider=name, from_address="status@acme.example", is_active=False)
    channel.options = {"server_token": "sesame", **options}
    channel.save()
    return channel


def path_of(channel: MailChannel) -> str:
    return f"/mail-events/{channel.pk}/{events_token(channel)}"


def report(channel: MailChannel, data: Any, **headers: str) -> Any:
    client = Client(HTTP_HOST="acme.localhost")
    body = json.dumps(data)
    return client.post(path_of(channel), body, content_type="application/json", headers=headers)


def bounce(kind: str = "HardBounce", *, to: str = MARIA, message_id: str = "m1") -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": kind,
        "Email": to,
        "MessageID": message_id,
        "Details": "smtp;550 5.1.1 no such user",
        "BouncedAt": "2026-11-28T13:00:00Z",
    }


def complaint(to: str = MARIA) -> dict[str, Any]:
    return {**bounce("SpamComplaint", to=to), "RecordType": "SpamComplaint"}


def delivered(message_id: str, to: str = MARIA) -> dict[str, Any]:
    return {
        "RecordType": "Delivery",
        "Recipient": to,
        "MessageID": message_id,
        "DeliveredAt": "2026-11-28T13:00:00Z",
        "Details": "250 taken",
    }


def told_mail(message_id: str) -> Delivery:
    """A delivery that the provider had taken under a name of its own."""
    make_subscriber()
    make_incident()
    work_off()
    Delivery.objects.update(message_id=message_id)
    return Delivery.objects.get()


def states() -> dict[str, str]:
    return dict(Subscriber.objects.values_list("address", "state"))


def test_a_hard_bounce_ends_all_mails_to_the_address_and_no_others(acme: Tenant) -> None:
    here, there = make_subscriber(MARIA), make_subscriber("Maria@example.com", page=partner_page())
    make_subscriber("other@example.com")

    assert report(make_channel(), bounce()).status_code == 200

    assert states() == {
        MARIA: "suppressed",
        "Maria@example.com": "suppressed",
        "other@example.com": "active",
    }
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.suppression, there.suppression) == ("bounced", "bounced")
    assert here.suppression_note == "smtp;550 5.1.1 no such user"
    entries = AuditEntry.objects.filter(action="subscriber.suppressed")
    assert {entry.by_name for entry in entries} == {"Postmark"}


def test_nothing_is_sent_there_any_more(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    report(make_channel(), bounce())

    make_incident()
    subscribe(partner_page(), address=MARIA)
    subscribe(default_page(), address=MARIA)
    work_off()

    assert not sink.taken


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("postmark", complaint(), "suppressed"),
        ("postmark", bounce("SoftBounce"), "active"),
        ("postmark", bounce("Transient"), "active"),
        ("postmark", bounce("BadEmailAddress"), "suppressed"),
        ("postmark", bounce("Blocked"), "active"),
        ("postmark", delivered("m1"), "active"),
        (
            "postmark",
            {
                "RecordType": "SubscriptionChange",
                "Recipient": MARIA,
                "MessageID": "m1",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
                "ChangedAt": "2026-11-28T13:00:00Z",
            },
            "unsubscribed",
        ),
        ("brevo", {"event": "hard_bounce", "email": MARIA, "message-id": "<m1>"}, "suppressed"),
        ("brevo", {"event": "soft_bounce", "email": MARIA, "message-id": "<m1>"}, "active"),
        ("brevo", {"event": "unsubscribe", "email": MARIA, "message-id": "<m1>"}, "unsubscribed"),
        (
            "sendgrid",
            [{"event": "bounce", "type": "bounce", "email": MARIA, "timestamp": 1764334800}],
            "suppressed",
        ),
        (
            "sendgrid",
            [{"event": "bounce", "type": "blocked", "email": MARIA, "timestamp": 1764334800}],
            "active",
        ),
        (
            "sendgrid",
            [{"event": "spamreport", "email": MARIA, "timestamp": 1764334800}],
            "suppressed",
        ),
        (
            "mailjet",
            [{"event": "bounce", "email": MARIA, "hard_bounce": True, "error": "user unknown"}],
            "suppressed",
        ),
        (
            "mailjet",
            [{"event": "bounce", "email": MARIA, "hard_bounce": False, "error": "quota exceeded"}],
            "active",
        ),
        (
            "resend",
            {"type": "email.bounced", "data": {"to": [MARIA], "bounce": {"type": "Permanent"}}},
            "suppressed",
        ),
        (
            "resend",
            {"type": "email.bounced", "data": {"to": [MARIA], "bounce": {"type": "Transient"}}},
            "active",
        ),
    ],
)
def test_what_each_report_makes_of_a_subscriber(
    acme: Tenant, name: str, data: Any, state: str
) -> None:
    make_subscriber(MARIA)

    response = report(make_channel(name), data)

    assert response.status_code == 200, response.content
    assert states() == {MARIA: state}


@pytest.mark.parametrize(("bounce_class", "state"), [("10", "suppressed"), ("22", "active")])
def test_classes_of_bounces(acme: Tenant, bounce_class: str, state: str) -> None:
    make_subscriber(MARIA)
    event = {
        "type": "bounce",
        "raw_rcpt_to": MARIA,
        "bounce_class": bounce_class,
        "timestamp": "1764334800",
        "event_id": "e1",
    }

    report(make_channel("sparkpost"), [{"msys": {"message_event": event}}])

    assert states() == {MARIA: state}


def test_a_report_that_comes_again_changes_nothing_even_after_lifting(acme: Tenant) -> None:
    maria, channel = make_subscriber(MARIA), make_channel()
    report(channel, bounce())
    maria.refresh_from_db()

    assert lift_suppression(maria, by=STAFF) == 1
    report(channel, bounce())
    assert states() == {MARIA: "active"}
    report(channel, {**bounce(), "ID": 43, "BouncedAt": "2026-11-29T09:00:00Z"})
    assert states() == {MARIA: "suppressed"}


def test_who_had_left_stays_so_and_lifting_brings_nobody_back(acme: Tenant) -> None:
    maria = make_subscriber(MARIA)
    Subscriber.objects.update(state="unsubscribed", unsubscribed_at=datetime.now(UTC))

    report(make_channel(), bounce())

    assert states() == {MARIA: "unsubscribed"}
    with pytest.raises(NotSuppressed):
        lift_suppression(maria, by=STAFF)


def test_an_arrival_is_noted_once_at_its_mail(acme: Tenant) -> None:
    mail, channel = told_mail("<m7>"), make_channel()

    for _ in range(2):
        assert report(channel, delivered("m7")).status_code == 200

    mail.refresh_from_db()
    assert (mail.state, mail.arrival) == ("sent", "delivered")
    assert [entry["result"] for entry in mail.log] == ["taken", "delivered"]
    assert mail.log[-1]["by"] == "Postmark"
    report(channel, bounce(message_id="m7"))
    report(channel, delivered("m7"))
    mail.refresh_from_db()
    assert mail.arrival == "bounced"


def test_another_mails_name_is_not_touched(acme: Tenant) -> None:
    mail = told_mail("<m7>")

    report(make_channel(), delivered("m8"))
    report(make_channel(), delivered("m7", to="other@example.com"))

    mail.refresh_from_db()
    assert mail.arrival == ""


def test_another_tenants_report_changes_nothing(acme: Tenant, globex: Tenant) -> None:
    make_subscriber(MARIA)
    with in_tenant("globex"):
        theirs = make_channel()
        path = path_of(theirs)

    at_home = Client(HTTP_HOST="globex.localhost").post(path, bounce(), "application/json")
    here = Client(HTTP_HOST="acme.localhost").post(path, bounce(), "application/json")

    assert (at_home.status_code, here.status_code) == (200, 404)
    assert states() == {MARIA: "active"}


def test_the_secret_in_the_address_is_the_authority(acme: Tenant) -> None:
    make_subscriber(MARIA)
    channel = make_channel()
    client = Client(HTTP_HOST="acme.localhost")
    old = path_of(channel)

    assert client.get(old).status_code == client.head(old).status_code == 200
    assert client.put(old).status_code == 405
    for wrong in (old[:-1] + ("A" if old[-1] != "A" else "B"), old + "x", "/mail-events/x/y"):
        assert client.post(wrong, bounce(), "application/json").status_code == 404
    MailChannel.objects.update(events_version=2)
    assert client.post(old, bounce(), "application/json").status_code == 404
    assert states() == {MARIA: "active"}


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", "nonsense", '{"RecordType": 7}', "[1]"])
def test_nonsense_is_refused_or_changes_nothing(acme: Tenant, body: str) -> None:
    make_subscriber(MARIA)
    channel = make_channel()
    client = Client(HTTP_HOST="acme.localhost")

    response = client.post(path_of(channel), body, content_type="application/json")

    assert response.status_code in (200, 400)
    assert states() == {MARIA: "active"}


def mailgun_report(key: str) -> dict[str, Any]:
    stamp, token = "1764334800", "t1"
    mac = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": mac},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "recipient": MARIA,
            "timestamp": 1764334800.5,
            "message": {"headers": {"message-id": "m1@acme.example"}},
        },
    }


def test_a_provider_that_signs_is_checked(acme: Tenant) -> None:
    make_subscriber(MARIA)
    unsigned = make_channel("mailgun")
    assert report(unsigned, mailgun_report("sesame")).status_code == 400
    signed = make_channel("mailgun", webhook_signing_key="sesame")

    assert report(signed, mailgun_report("not it")).status_code == 400
    assert states() == {MARIA: "active"}
    assert report(signed, mailgun_report("sesame")).status_code == 200
    assert states() == {MARIA: "suppressed"}


def test_mandrill_signs_the_address_itself(acme: Tenant) -> None:
    make_subscriber(MARIA)
    channel = make_channel("mandrill", webhook_key="sesame")
    event = {
        "event": "hard_bounce",
        "ts": 1764334800,
        "_id": "e",
        "msg": {"email": MARIA, "_id": 1},
    }
    form = {"mandrill_events": json.dumps([event])}
    url = f"https://acme.localhost{path_of(channel)}"
    signed = (url + "mandrill_events" + form["mandrill_events"]).encode()
    mac = base64.b64encode(hmac.new(b"sesame", signed, hashlib.sha1).digest()).decode()

    client = Client(HTTP_HOST="acme.localhost")
    response = client.post(path_of(channel), form, headers={"x-mandrill-signature": mac})

    assert response.status_code == 200, response.content
    assert states() == {MARIA: "suppressed"}


def test_staff_see_why_and_lift_it(console: Client, bobs_console: Client) -> None:
    maria = make_subscriber(MARIA)
    report(make_channel(), bounce())
    path = f"/admin/subscribers/subscriber/{maria.pk}/"

    html = console.get(path + "change/").content.decode()
    assert "there is no such mailbox" in html
    assert "550 5.1.1 no such user" in html
    assert bobs_console.post(path + "lift/").status_code == 403
    assert console.get(path + "lift/").status_code == 405
    answer = console.post(path + "lift/", follow=True).content.decode()
    assert f"{MARIA} may have mails again" in answer
    assert states() == {MARIA: "active"}
    assert "Nothing is held back" in console.post(path + "lift/", follow=True).content.decode()


def test_programs_read_why(acme: Tenant, api: Client) -> None:
    make_subscriber(MARIA)
    report(make_channel(), complaint())

    (row,) = api.get("/api/v1/subscribers").json()["data"]

    assert (row["state"], row["suppression"]) == ("suppressed", "complained")


def test_many_reports_in_one(acme: Tenant) -> None:
    people: Sequence[str] = [f"p{number}@example.com" for number in range(3)]
    for address in people:
        make_subscriber(address)
    events = [
        {
            "event": "bounce",
            "type": "bounce",
            "email": to,
            "timestamp": 1764334800,
            "sg_event_id": to,
        }
        for to in people[:2]
    ]

    report(make_channel("sendgrid"), events)

    dead = Subscriber.objects.filter(state=SubscriberState.SUPPRESSED)
    assert sorted(dead.values_list("address", flat=True)) == people[:2]
