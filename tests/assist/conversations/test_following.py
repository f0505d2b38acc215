"""The link in a reply: one tap for updates, where a private incident has none."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from assist.conversations.following import CUSTOMER, follow_token, form_nonce
from assist.conversations.linking import link_and_subscribe, unlink
from assist.models import Conversation, ConversationLink
from assist.stack.suggesting import suggested_reply
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from statuspage.access.closing import change_access
from statuspage.models import Branding
from subscribers.models import Subscriber, SubscriberState
from subscribers.people.enrolment import unsubscribe
from subscribers.tokens import Purpose, signed_token
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.conftest import sink
from tests.subscribers.making import make_subscriber, work_off

__all__ = ["sink"]


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident()


def path_for(conversation: Conversation, incident: Incident, **ago: float) -> str:
    at = timezone.now() - timedelta(**ago)
    return f"/follow/{follow_token(conversation, incident, at=at)}"


def tap(visitor: Client, path: str) -> str:
    nonce = form_nonce(path.removeprefix("/follow/"))
    return visitor.post(path, {"nonce": nonce}).content.decode()


def test_one_tap_subscribes_an_address_that_the_channel_proved(
    visitor: Client, incident: Incident
) -> None:
    conversation = make_conversation(is_proved=True, language="de")
    hear(conversation)
    suggestion = suggested_reply(conversation, incident)
    assert "Mit einem Klick" in suggestion.text
    assert suggestion.subscribe_url in suggestion.text
    path = urlsplit(suggestion.subscribe_url).path
    shown = visitor.get(path)
    assert "m…@example.com" in shown.content.decode()
    assert MARIA not in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert not Subscriber.objects.exists()
    assert "You are subscribed" in tap(visitor, path)
    subscriber = Subscriber.objects.get()
    assert subscriber.is_active
    assert subscriber.scopes.get().incident_id == incident.id
    assert conversation.cards.get().state == "confirmed"
    assert "You are subscribed" in tap(visitor, path)
    assert Subscriber.objects.count() == ConversationLink.objects.count() == 1


def test_an_address_that_nobody_proved_is_asked_by_mail(
    visitor: Client, incident: Incident, sink: SmtpSink
) -> None:
    path = path_for(make_conversation(), incident)
    assert "Look into your inbox" in tap(visitor, path)
    tap(visitor, path)
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    work_off()
    assert [mail.to for mail in sink.taken] == [MARIA]


def test_a_program_that_posts_to_links_subscribes_nobody(
    visitor: Client, incident: Incident
) -> None:
    path = path_for(make_conversation(is_proved=True), incident)
    assert visitor.post(path).status_code == 422
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert visitor.post(path, headers=elsewhere).status_code == 403
    assert not Subscriber.objects.exists()


def test_without_an_address_the_page_asks_for_one(visitor: Client, incident: Incident) -> None:
    shown = visitor.get(path_for(make_conversation(address=""), incident)).content.decode()
    assert 'action="/subscribe"' in shown
    assert incident.id in shown


def test_it_asks_for_an_address_in_the_language_of_the_link(
    visitor: Client, incident: Incident
) -> None:
    Branding.objects.update(further_languages=["de"])
    conversation = make_conversation(address="", language="de")
    shown = visitor.get(path_for(conversation, incident)).content.decode()
    assert 'action="/subscribe?lang=de"' in shown


def test_a_link_ends_with_its_time_and_with_the_incident(
    visitor: Client, incident: Incident
) -> None:
    conversation = make_conversation(is_proved=True)
    assert visitor.get(path_for(conversation, incident, days=8)).status_code == 410
    path = path_for(conversation, incident)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert visitor.get(path).status_code == 410
    assert "This is over" in tap(visitor, path)
    assert not Subscriber.objects.exists()


def test_one_purpose_never_opens_another(visitor: Client, incident: Incident) -> None:
    conversation = make_conversation(is_proved=True)
    good = path_for(conversation, incident).removeprefix("/follow/")
    subscriber = make_subscriber(MARIA)
    strange = [
        signed_token(subscriber.id, subscriber.version, Purpose.MANAGE),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(incident.id, make_incident("Payments fail at checkout").id),
        f"{good}x",
        "é" * 90,
    ]
    for token in strange:
        assert visitor.get(f"/follow/{token}").status_code == 404, token
    assert visitor.get(f"/subscriptions/{good}").status_code == 404


def test_internal_ones_and_those_of_other_pages_have_none(visitor: Client, acme: Tenant) -> None:
    conversation = make_conversation(is_proved=True)
    for pages in ((), (partner_page(),)):
        hidden = make_incident("Zq secret outage of the vault", pages=pages)
        path = path_for(conversation, hidden)
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert "Zq secret" not in answer.content.decode()
        partners = Client(HTTP_HOST="partners.acme.localhost")
        assert partners.get(path).status_code == 404


def test_what_the_customer_asked_for_is_not_taken_back_by_undo(
    visitor: Client, incident: Incident
) -> None:
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, incident, by=STAFF)
    tap(visitor, path_for(conversation, incident))
    assert unlink(conversation, incident, by=STAFF)
    assert Subscriber.objects.get().is_active


def test_the_customer_alone_links_the_conversation(visitor: Client, incident: Incident) -> None:
    conversation = make_conversation(is_proved=True)
    tap(visitor, path_for(conversation, incident))
    assert conversation.links.get().by_name == CUSTOMER.name


def test_where_a_page_takes_no_subscribers_no_link_is_offered(
    visitor: Client, incident: Incident
) -> None:
    conversation = make_conversation(is_proved=True)
    branding = default_page().branding
    branding.takes_subscribers = False
    branding.save()
    assert "/follow/" not in suggested_reply(conversation, incident).text
    assert visitor.get(path_for(conversation, incident)).status_code == 403


def test_who_is_enrolled_is_told_so_and_offered_nothing(acme: Tenant, incident: Incident) -> None:
    conversation = make_conversation(is_proved=True, language="de")
    assert link_and_subscribe(conversation, incident, by=STAFF).is_subscribed
    suggestion = suggested_reply(conversation, incident)
    assert "/follow/" not in suggestion.text
    assert "Neuigkeiten dazu kommen per E-Mail zu Ihnen." in suggestion.text
    assert suggestion.subscribe_url in suggestion.text
    unsubscribe(Subscriber.objects.get())
    assert "/follow/" in suggested_reply(conversation, incident).text


def test_an_address_that_nobody_proved_learns_what_was_sent_and_no_more(
    acme: Tenant, incident: Incident
) -> None:
    make_subscriber(MARIA)
    known = make_conversation()
    unknown = make_conversation("chat-2", address="new@example.com")
    for conversation in (known, unknown):
        assert link_and_subscribe(conversation, incident, by=STAFF).verification == "sent"
        assert "once you confirm it" in suggested_reply(conversation, incident).text
    texts = {suggested_reply(one, incident).text for one in (known, unknown)}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("allowed", "is_proved", "status"),
    [(MARIA, True, 200), (MARIA, False, 403), ("otto@example.com", True, 403)],
)
def test_a_page_that_became_private_names_nothing_to_who_may_not_read_it(
    visitor: Client, incident: Incident, allowed: str, is_proved: bool, status: int
) -> None:
    conversation = make_conversation(is_proved=is_proved)
    path = path_for(conversation, incident)
    assert incident.title in visitor.get(path).content.decode()
    change_access(default_page(), by=STAFF, visibility="email", allowed=[allowed])
    answer = visitor.get(path)
    assert answer.status_code == status
    assert (incident.title in answer.content.decode()) is (status == 200)
    tap(visitor, path)
    assert Subscriber.objects.exists() is (status == 200)
