import pytest
from django.test import Client
from django_q.models import OrmQ

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from subscribers.models import Subscriber, SubscriberState, Verification
from tests.factories import component, default_page, make_incident, partner_page
from tests.subscribers.making import make_subscriber

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


def test_a_suppressed_address_is_asked_nothing(visitor: Client) -> None:
    gone = make_subscriber("gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(state=SubscriberState.SUPPRESSED)
    visitor.post("/subscribe", {"email": "gone@example.com"})
    assert not OrmQ.objects.exists()


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


def test_components_and_incidents_are_asked_for(visitor: Client) -> None:
    incident = make_incident()
    ids = [component("API").pk, component("Payments").pk]
    sent = {"email": NOBODY, "component": ids, "incident": incident.pk}
    assert visitor.post("/subscribe", sent).status_code == 200
    asked = Verification.objects.get().asked
    assert asked == {"components": ids, "incidents": [incident.pk], "kinds": "both"}


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


def test_a_twenty_first_request_from_a_network_has_to_wait(visitor: Client) -> None:
    emails = [f"p{n}@example.com" for n in range(21)]
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
