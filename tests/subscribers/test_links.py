"""Links in mails: what each opens, and what none of them opens."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.context import in_tenant
from subscribers.models import Subscriber, SubscriberState, Verification
from subscribers.people.enrolment import subscribe, unsubscribe
from subscribers.tokens import Purpose, digest_of, form_nonce, signed_token
from tests.factories import component, default_page, partner_page
from tests.subscribers.making import make_subscriber, manage_path, press, unsubscribe_path

TOKEN = "a-token-that-was-mailed"
VERIFY = f"/subscriptions/{TOKEN}/verify"


@pytest.fixture
def question(visitor: Client) -> Verification:
    """Maria was asked, and has the mail with `TOKEN`."""
    subscribe(default_page(), address="maria@example.com")
    Verification.objects.update(digest=digest_of(TOKEN))
    return Verification.objects.get()


def state() -> str:
    return Subscriber.objects.get().state


def test_opening_the_link_changes_nothing(visitor: Client, question: Verification) -> None:
    for answer in (visitor.get(VERIFY), visitor.head(VERIFY), visitor.get(VERIFY)):
        assert answer.status_code == 200
        assert not answer.cookies
    assert state() == SubscriberState.PENDING
    assert visitor.get(VERIFY).content.count(b"<form") == 1


def test_the_button_confirms_and_twice_is_once(visitor: Client, question: Verification) -> None:
    first, second = press(visitor, VERIFY), press(visitor, VERIFY)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert state() == SubscriberState.ACTIVE
    assert Subscriber.objects.get().scopes.count() == 1
    assert b"<form" not in visitor.get(VERIFY).content


@pytest.mark.parametrize("nonce", [None, "", "x", "\u0661" * 22, "ours for another question"])
def test_a_scanner_that_posts_to_every_link_confirms_nothing(
    visitor: Client, question: Verification, nonce: str | None
) -> None:
    sent = {} if nonce is None else {"nonce": nonce}
    if nonce and nonce.startswith("ours"):
        sent["nonce"] = form_nonce("01JD0000000000000000000000")
    for body in (sent, {**sent, "List-Unsubscribe": "One-Click"}, {**sent, "confirm": "yes"}):
        answer = visitor.post(VERIFY, body)
        assert answer.status_code == 422
        assert b"press the button" in answer.content
    assert state() == SubscriberState.PENDING
    assert press(visitor, VERIFY).status_code == 200
    assert state() == SubscriberState.ACTIVE


def test_the_forms_nonce_outlives_a_change_of_keys(
    visitor: Client, question: Verification, settings: Any
) -> None:
    nonce = form_nonce(question.pk)
    settings.LINK_KEYS = {**settings.LINK_KEYS, "next": "another key"}
    assert visitor.post(VERIFY, {"nonce": nonce}).status_code == 200
    assert state() == SubscriberState.ACTIVE


def test_a_used_link_brings_nobody_back(visitor: Client, question: Verification) -> None:
    press(visitor, VERIFY)
    unsubscribe(Subscriber.objects.get())
    assert visitor.get(VERIFY).status_code == 410
    assert visitor.post(VERIFY, {"nonce": form_nonce(question.pk)}).status_code == 410
    assert state() == SubscriberState.UNSUBSCRIBED


def test_the_link_is_good_for_seven_days(visitor: Client, question: Verification) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Verification.objects.update(created_at=past - timedelta(days=7), expires_at=past)
    assert visitor.get(VERIFY).status_code == 410
    answer = visitor.post(VERIFY, {"nonce": form_nonce(question.pk)})
    assert answer.status_code == 410
    assert b"7 days" in answer.content
    assert state() == SubscriberState.PENDING


def test_the_token_itself_is_kept_nowhere(question: Verification) -> None:
    kept = Verification.objects.values_list("digest", "asked").get()
    assert TOKEN not in str(kept)


@pytest.mark.parametrize("host", ["partners.acme.localhost", "status.globex.localhost"])
def test_on_another_page_the_link_leads_nowhere(question: Verification, host: str) -> None:
    elsewhere = Client(HTTP_HOST=host)
    assert elsewhere.get(VERIFY).status_code == 404
    assert elsewhere.post(VERIFY).status_code == 404
    with in_tenant("acme"):
        assert state() == SubscriberState.PENDING


def test_signed_links_lead_nowhere_on_another_page(visitor: Client) -> None:
    maria = make_subscriber()
    for host in ("partners.acme.localhost", "status.globex.localhost"):
        elsewhere = Client(HTTP_HOST=host)
        for path in (manage_path(maria), unsubscribe_path(maria)):
            assert elsewhere.get(path).status_code == 404
            assert elsewhere.post(path, {"scope": "everything"}).status_code == 404
    with in_tenant("acme"):
        assert state() == SubscriberState.ACTIVE


def test_one_purpose_never_opens_another(visitor: Client) -> None:
    maria = make_subscriber()
    tokens = {purpose: signed_token(maria.pk, 1, purpose) for purpose in Purpose}
    wrong = [
        f"/subscriptions/{tokens[Purpose.MANAGE]}/unsubscribe",
        f"/subscriptions/{tokens[Purpose.MANAGE]}/verify",
        f"/subscriptions/{tokens[Purpose.UNSUBSCRIBE]}",
        f"/subscriptions/{tokens[Purpose.UNSUBSCRIBE]}/verify",
    ]
    for path in wrong:
        assert visitor.get(path).status_code == 404
        answer = visitor.post(path, {"List-Unsubscribe": "One-Click", "scope": "everything"})
        assert answer.status_code == 404
        assert b"This link leads nowhere" in answer.content
    assert state() == SubscriberState.ACTIVE


def test_a_token_that_was_tampered_with_leads_nowhere(visitor: Client) -> None:
    maria, jonas = make_subscriber(), make_subscriber("jonas@example.com")
    key_id, subscriber_id, version, mac = signed_token(maria.pk, 1, Purpose.UNSUBSCRIBE).split(".")
    tampered = [
        f"{key_id}.{jonas.pk}.{version}.{mac}",
        f"{key_id}.{subscriber_id}.2.{mac}",
        f"2.{subscriber_id}.{version}.{mac}",
        f"{key_id}.{subscriber_id}.{version}.{'A' * 22}",
        f"{key_id}.{subscriber_id}.{version}.{mac[:-1]}",
        f"{key_id}.{subscriber_id.lower()}.{version}.{mac}",
        f"{key_id}.{subscriber_id}.{version}.",
        "x",
        "%00",
    ]
    for token in tampered:
        path = f"/subscriptions/{token}/unsubscribe"
        assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 404, token
    assert not Subscriber.objects.filter(state=SubscriberState.UNSUBSCRIBED).exists()


def test_links_outlive_a_change_of_keys(visitor: Client, settings: Any) -> None:
    maria = make_subscriber()
    old = unsubscribe_path(maria)
    settings.LINK_KEYS = {**settings.LINK_KEYS, "next": "another key"}
    new = unsubscribe_path(maria)
    assert old != new
    assert visitor.get(old).status_code == visitor.get(new).status_code == 200
    settings.LINK_KEYS = {"next": "another key"}
    assert visitor.get(old).status_code == 404


def test_a_higher_version_voids_earlier_links(visitor: Client) -> None:
    maria = make_subscriber()
    old = manage_path(maria)
    Subscriber.objects.update(version=2)
    assert visitor.get(old).status_code == 404
    assert visitor.get(manage_path(Subscriber.objects.get())).status_code == 200


def test_an_active_subscriber_adds_what_is_confirmed(visitor: Client) -> None:
    maria = make_subscriber(components=["API"])
    make_subscriber(components=["Payments"])
    names = set(maria.scopes.values_list("component__name", flat=True))
    assert names == {"API", "Payments"}


def test_who_had_left_starts_afresh(visitor: Client) -> None:
    maria = make_subscriber()
    unsubscribe(maria)
    make_subscriber(components=["API"])
    assert [scope.component for scope in maria.scopes.all()] == [component("API")]


def test_other_pages_of_the_tenant_stay_out_of_it(visitor: Client) -> None:
    make_subscriber()
    there = make_subscriber(page=partner_page())
    visitor.post(unsubscribe_path(Subscriber.objects.get(page=default_page())))
    there.refresh_from_db()
    assert there.is_active
