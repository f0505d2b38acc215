from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from subscribers.models import Subscriber, SubscriberState, Verification
from tests.factories import component, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, work_off

NOBODY = "nobody@example.com"


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(visitor: Client) -> None:
    make_subscriber("known@example.com")
    gone = make_subscriber("gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(state=SubscriberState.SUPPRESSED)
    answers = {
        address: visitor.post("/subscribe", {"email": address})
        for address in ("known@example.com", "gone@example.com", "new@example.com")
    }
    bodies = {a.content.replace(name.encode(), b"") for name, a in answers.items()}
    assert len(bodies) == 1
    assert {a.status_code for a in answers.values()} == {200}


def test_known_or_not_the_same_work_is_done(visitor: Client) -> None:
    make_subscriber("known@example.com")
    gone = make_subscriber("gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(state=SubscriberState.SUPPRESSED)
    visitor.post("/subscribe", {"email": "first@example.com"})
    statements = []
    for address in ("known@example.com", "gone@example.com", "new@example.com"):
        with CaptureQueriesContext(connection) as captured:
            visitor.post("/subscribe", {"email": address})
        statements.append([query["sql"].split(" ")[0] for query in captured])
    assert statements[0] == statements[1] == statements[2]
    assert OrmQ.objects.count() == 4


def test_known_or_not_one_mail_is_sent(visitor: Client, sink: SmtpSink) -> None:
    make_subscriber("known@example.com")
    for address in ("known@example.com", "new@example.com"):
        visitor.post("/subscribe", {"email": address})
    work_off()
    known, new = sorted(sink.taken, key=lambda mail: str(mail.to))
    assert (known.to, new.to) == ("known@example.com", "new@example.com")
    assert known.part("plain").split("http")[0] == new.part("plain").split("http")[0]


def test_a_suppressed_address_gets_no_mail(visitor: Client, sink: SmtpSink) -> None:
    gone = make_subscriber("gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(state=SubscriberState.SUPPRESSED)
    visitor.post("/subscribe", {"email": "gone@example.com"})
    work_off()
    assert not sink.taken


def test_case_makes_no_second_subscriber(visitor: Client) -> None:
    visitor.post("/subscribe", {"email": "Maria@Example.com"})
    visitor.post("/subscribe", {"email": "maria@example.COM"})
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "maria",
        "maria@",
        "@example.com",
        "maria@example",
        "a b@example.com",
        '"a\x01"@example.com',
        "maria@example.com\r\nBcc: all@example.com",
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_no_address_is_said_to_be_none(visitor: Client, email: str) -> None:
    answer = visitor.post("/subscribe", {"email": email})
    assert answer.status_code == 422
    assert b"you@example.com" in answer.content or b"at most 254" in answer.content
    assert not Subscriber.objects.exists()


def test_a_refused_form_keeps_what_was_chosen_and_shows_no_markup(visitor: Client) -> None:
    chosen = component("API").pk
    sent = {"email": "<script>alert(1)</script>", "component": chosen}
    answer = visitor.post("/subscribe", sent)
    assert b"<script>alert" not in answer.content
    assert f'name="component" value="{chosen}"'.encode() in answer.content


def test_a_refused_form_of_the_page_keeps_what_was_chosen(visitor: Client) -> None:
    """The page's own form sends the fields of a webhook too, empty."""
    chosen = component("API").pk
    sent = {"email": "maria@example", "component": chosen, "channel": "email", "url": ""}
    answer = visitor.post("/subscribe", sent).content.decode()
    assert f'name="component" value="{chosen}"' in answer
    assert 'name="url"' not in answer


def test_what_is_gone_from_the_page_leaves_no_form_that_asks_for_everything(
    visitor: Client,
) -> None:
    gone = {"email": NOBODY, "component": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
    answer = visitor.post("/subscribe", gone)
    assert answer.status_code == 422
    assert b"on this page" in answer.content
    assert b'action="/subscribe"' not in answer.content


def test_components_and_incidents_are_asked_for(visitor: Client) -> None:
    incident = make_incident()
    ids = [component("API").pk, component("Payments").pk]
    sent = {"email": NOBODY, "component": ids, "incident": incident.pk}
    assert visitor.post("/subscribe", sent).status_code == 200
    asked = Verification.objects.get().asked
    said = {"components": ids, "incidents": [incident.pk]}
    assert asked == {**said, "kinds": "both", "language": "en"}


def test_what_the_page_does_not_show_cannot_be_asked_for(visitor: Client) -> None:
    internal = make_incident("Replica lag on db-7", pages=())
    partners_only = make_incident("Partner feed delayed", pages=(partner_page(),))
    with in_tenant("globex"):
        foreign = component("API").pk
    tries = [
        {"incident": internal.pk},
        {"incident": partners_only.pk},
        {"component": foreign},
        {"component": "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
        {"component": "drop table"},
    ]
    for sent in tries:
        answer = visitor.post("/subscribe", {"email": NOBODY, **sent})
        assert answer.status_code == 422, sent
        assert b"on this page" in answer.content
    assert not Subscriber.objects.exists()


def test_a_program_that_fills_in_everything_is_asked_nothing(visitor: Client) -> None:
    answer = visitor.post("/subscribe", {"email": NOBODY, "website": "https://spam.example"})
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()


def test_another_sites_form_is_refused(visitor: Client) -> None:
    cross = {"sec-fetch-site": "cross-site"}
    for disguise in ({}, {"List-Unsubscribe": "One-Click"}):
        answer = visitor.post("/subscribe", {"email": NOBODY, **disguise}, headers=cross)
        assert answer.status_code == 403
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_the_pages_own_form_is_taken(visitor: Client, site: str) -> None:
    answer = visitor.post("/subscribe", {"email": NOBODY}, headers={"sec-fetch-site": site})
    assert answer.status_code == 200


def test_its_address_leads_to_the_form(visitor: Client) -> None:
    answer = visitor.get("/subscribe")
    assert (answer.status_code, answer["Location"]) == (302, "/#subscribe")


def test_it_is_not_on_the_console(acme: Tenant) -> None:
    console = Client(HTTP_HOST="acme.localhost")
    assert console.post("/subscribe", {"email": NOBODY}).status_code == 404


def test_a_page_has_its_own_subscribers(acme: Tenant) -> None:
    for host in ("status.acme.localhost", "partners.acme.localhost"):
        Client(HTTP_HOST=host).post("/subscribe", {"email": NOBODY})
    pages = Subscriber.objects.values_list("page_id", flat=True)
    assert set(pages) == {default_page().pk, partner_page().pk}


def test_a_sixth_request_for_an_address_has_to_wait(visitor: Client) -> None:
    codes = [visitor.post("/subscribe", {"email": NOBODY}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    late = visitor.post("/subscribe", {"email": NOBODY.upper()})
    assert (late.status_code, late["Retry-After"]) == (429, "720")
    assert b"Try again in 12 minutes" in late.content
    assert visitor.post("/subscribe", {"email": "other@example.com"}).status_code == 200


def test_tags_and_dots_make_no_second_mailbox(visitor: Client) -> None:
    emails = ["m.aria@gmail.com", "maria+1@gmail.com", "mar.ia+x@googlemail.com"]
    codes = [visitor.post("/subscribe", {"email": email}).status_code for email in emails * 2]
    assert codes == [200] * 5 + [429]
    other = visitor.post("/subscribe", {"email": "m.aria@example.com"})
    assert other.status_code == 200


def enter(visitor: Client, address: str, number: int) -> int:
    """Subscribe from a network of one's own."""
    ip = f"198.51.{number // 250}.{number % 250}"
    return visitor.post("/subscribe", {"email": address}, REMOTE_ADDR=ip).status_code


def test_a_burst_of_one_domains_addresses_is_damped(visitor: Client) -> None:
    codes = [enter(visitor, f"x{n}@mailinator.example", n) for n in range(22)]
    assert codes == [200] * 20 + [429] * 2
    assert Subscriber.objects.count() == 20
    assert enter(visitor, NOBODY, 30) == 200
    later = timezone.now() + timedelta(hours=1, minutes=1)
    with time_machine.travel(later, tick=True):
        assert enter(visitor, "x20@mailinator.example", 20) == 200


def test_who_is_known_learns_nothing_from_a_damped_burst(visitor: Client) -> None:
    for number in range(20 + 3):
        enter(visitor, f"x{number}@mailinator.example", number)
    make_subscriber("known@mailinator.example", page=partner_page())
    assert enter(visitor, "x1@mailinator.example", 40) == enter(visitor, "n@mailinator.example", 41)


def test_a_domain_whose_people_answer_is_not_held_up(visitor: Client) -> None:
    for number in range(5):
        make_subscriber(f"yes{number}@example.com")
    codes = [enter(visitor, f"x{n}@example.com", n) for n in range(36)]
    assert codes == [200] * 35 + [429]


def test_a_twenty_first_request_from_a_network_has_to_wait(visitor: Client) -> None:
    emails = [f"maria@d{n}.example" for n in range(21)]
    codes = [visitor.post("/subscribe", {"email": email}).status_code for email in emails]
    assert codes == [200] * 20 + [429]
    elsewhere = visitor.post("/subscribe", {"email": emails[-1]}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_the_answer_keeps_nothing_and_trusts_nothing(visitor: Client) -> None:
    answer = visitor.post("/subscribe", {"email": NOBODY})
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
