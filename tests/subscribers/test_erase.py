"""One person is erased everywhere, and the record of it names nobody."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from atender import erasing
from atender.api.models import IdempotentRequest
from atender.erasing import Holding, erase_person, held_of
from atender.outbound import letters
from atender.outbound.models import Letter
from atender.refusals import Conflict, Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from statuspage.models import AllowedAddress
from subscribers.importing.runs import start_import
from subscribers.models import ContactProblem, Delivery, Subscriber
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, manage_path, work_off

PATH = "/admin/subscribers/subscriber/erase/"
MARIA = "maria@example.com"


@pytest.fixture
def told(acme: Tenant, sink: SmtpSink) -> None:
    """Maria on two pages and Jonas on one, each told of an incident."""
    make_subscriber(MARIA)
    make_subscriber(MARIA.upper(), page=partner_page())
    make_subscriber("annamaria@example.com")
    make_incident()
    work_off()


def test_everything_goes_and_nobody_elses(told: None) -> None:
    AllowedAddress.objects.create(page=partner_page(), pattern=MARIA)
    start_import(default_page(), data=b"email\nmaria@example.com;\n", by=STAFF)
    work_off()
    assert held_of("Maria@Example.com")["subscriptions"] == 2
    erased = erase_person("Maria@Example.com", by=STAFF)
    assert (erased["subscriptions"], erased["deliveries"], erased["readers' lists"]) == (2, 1, 1)
    assert [s.address for s in Subscriber.objects.all()] == ["annamaria@example.com"]
    assert Delivery.objects.count() == 1
    assert not ContactProblem.objects.filter(remark__icontains=MARIA).exists()
    assert set(held_of(MARIA).values()) == {0}


def test_it_is_recorded_in_numbers(told: None) -> None:
    erase_person(MARIA, by=STAFF)
    (entry,) = AuditEntry.objects.filter(action="person.erased")
    assert entry.details == {"subscriptions": 2, "deliveries": 1}
    assert "maria" not in str(vars(entry)).lower()


def test_links_in_old_mails_lead_nowhere_then(told: None, visitor: Client) -> None:
    path = manage_path(Subscriber.objects.get(page=default_page(), address=MARIA))
    erase_person(MARIA, by=STAFF)
    assert visitor.get(path).status_code == 404


def test_who_was_erased_may_subscribe_again(told: None) -> None:
    erase_person(MARIA, by=STAFF)
    assert make_subscriber(MARIA).is_active


def test_a_running_import_would_bring_it_back(told: None) -> None:
    start_import(default_page(), data=b"email\nMARIA@example.com\n", by=STAFF)
    with pytest.raises(Conflict, match="being imported just now"):
        erase_person(MARIA, by=STAFF)
    assert held_of(MARIA)["subscriptions"] == 2
    assert held_of(MARIA)["deliveries"] == 1
    work_off()
    assert erase_person(MARIA, by=STAFF)["subscriptions"] == 2


def test_what_is_no_address_is_refused(told: None) -> None:
    for text in ("", "maria", "%", "maria@example.com\n"):
        if text.strip() != MARIA:
            with pytest.raises(Refused):
                erase_person(text, by=STAFF)
    assert Subscriber.objects.count() == 3


@pytest.fixture
def diary() -> Iterator[list[str]]:
    """An app above that keeps words of two people."""
    kept = [MARIA, "jonas@example.com"]

    def forget(address: str) -> int:
        before = len(kept)
        kept[:] = [own for own in kept if own != address.lower()]
        return before - len(kept)

    erasing.register(Holding("diaries", "diary", kept.count, forget))
    yield kept
    del erasing._holdings["diaries"]


def test_apps_above_join(told: None, diary: list[str]) -> None:
    assert held_of(MARIA)["diaries"] == 1
    assert erase_person(MARIA, by=STAFF)["diaries"] == 1
    assert diary == ["jonas@example.com"]


def test_another_tenants_stay(told: None, globex: Tenant) -> None:
    with in_tenant("globex"):
        make_subscriber(MARIA)
    erase_person(MARIA, by=STAFF)
    with in_tenant("globex"):
        assert Subscriber.objects.get().is_active


def test_staff_see_what_there_is_before_it_goes(told: None, console: Client) -> None:
    assert b"Whom?" in console.get(PATH).content
    seen = console.post(PATH, {"email": MARIA}).content.decode()
    assert "<span>Subscriptions</span> <span>2</span>" in seen
    assert Subscriber.objects.count() == 3
    done = console.post(PATH, {"email": MARIA, "sure": "yes"}, follow=True)
    assert "Erased: 1 delivery, 2 subscriptions." in done.content.decode()
    assert Subscriber.objects.count() == 1
    assert "Nothing is kept" in console.post(PATH, {"email": MARIA}).content.decode()
    wrong = console.post(PATH, {"email": "<b>maria", "sure": "yes"})
    assert wrong.status_code == 422
    assert b"<b>maria" not in wrong.content


def test_a_viewer_erases_nobody(told: None, bobs_console: Client) -> None:
    assert bobs_console.get(PATH).status_code == 403
    assert bobs_console.post(PATH, {"email": MARIA, "sure": "yes"}).status_code == 403
    assert Subscriber.objects.count() == 3


def test_no_answer_that_is_kept_for_a_repetition_names_them(told: None, api: Client) -> None:
    body = {"email": "NINA@example.com"}
    sent: Any = {"content_type": "application/json", "headers": {"idempotency-key": "a"}}
    assert api.post("/api/v1/subscribers", body, **sent).status_code == 201
    kept = IdempotentRequest.objects.get()
    assert "NINA@example.com" in str(kept.answer)
    assert held_of("nina@example.com")["answers kept for a day"] == 1
    assert erase_person("nina@example.com", by=STAFF)["answers kept for a day"] == 1
    assert not IdempotentRequest.objects.exists()


def test_no_letter_that_waits_goes_to_them(told: None) -> None:
    letters_to = ["Nina@example.com", "alice@acme.example"]
    for to in letters_to:
        letters.post(to, subject="A webhook was switched off", text="Nothing is sent there.")
    assert erase_person("nina@example.com", by=STAFF)["waiting letters"] == 1
    assert [letter.to for letter in Letter.objects.all()] == letters_to[1:]
