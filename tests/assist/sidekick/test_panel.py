"""The side panel in somebody else's help desk: cards, deeds, replies, and nothing internal."""

import re
from typing import Any

import pytest

from assist.models import Card, ConversationLink, ConversationSource
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from subscribers.models import Subscriber
from tests.assist.conversations.making import hear, make_conversation
from tests.assist.sidekick.framing import DESK, address_of, make_source, stranger
from tests.factories import STAFF, make_incident

FORM = re.compile(r'name="form" value="([0-9a-f]{32})"')
HTMX = {"hx-request": "true"}


@pytest.fixture
def source(acme: Tenant) -> ConversationSource:
    return make_source()


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident()


@pytest.fixture
def address(source: ConversationSource, incident: Incident) -> str:
    hear(make_conversation(is_proved=True, language="de"))
    return address_of(source)


def do(address: str, deed: str, incident: Incident, **more: Any) -> Any:
    browser = stranger()
    form = FORM.search(browser.get(address).content.decode())
    body = {"form": form[1] if form else "", "deed": deed, "incident": incident.id}
    return browser.post(address, {**body, **more.pop("body", {})}, **more)


def test_the_card_says_what_and_why(address: str) -> None:
    answer = stranger().get(address)
    shown = answer.content.decode()
    for words in ("API response times degraded", "major", "Investigating", "Likely match", "slow"):
        assert words in shown, words
    assert not answer.cookies
    assert "X-Frame-Options" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors {DESK}" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<style" not in shown
    assert " style=" not in shown
    assert "<script>" not in shown


def test_a_card_without_a_shared_word_says_that_it_is_close_in_meaning(address: str) -> None:
    for reasons, why in (([], "close in meaning, in other words"), (["slow"], "and close in")):
        Card.objects.update(reasons=reasons, by_meaning=True)
        assert why in stranger().get(address).content.decode()
    Card.objects.update(by_meaning=False)
    assert "close in meaning" not in stranger().get(address).content.decode()


def test_what_is_right_less_often_than_not_is_not_called_likely(address: str) -> None:
    for confidence, kind in ((0.44, "Possible match</b>"), (0.5, "Likely match</b>")):
        Card.objects.update(confidence=confidence)
        assert kind in stranger().get(address).content.decode()


def test_link_and_subscribe_is_one_click_and_one_back(address: str, incident: Incident) -> None:
    for _twice in range(2):
        answer = do(address, "link", incident)
        assert answer.status_code == 302
        assert "told by mail" in stranger().get(answer.headers["Location"]).content.decode()
    link = ConversationLink.objects.get()
    assert (link.by_kind, link.by_name) == ("key", "Ben (Help desk)")
    assert Subscriber.objects.get().is_active
    assert "Undo link" in stranger().get(address).content.decode()
    do(address, "unlink", incident)
    assert not Subscriber.objects.exists()
    do(address, "dismiss", incident)
    assert Card.objects.get().state == "dismissed"
    do(address, "restore", incident)
    assert Card.objects.get().state == "shown"


def test_where_scripts_run_the_answer_is_the_parts(address: str, incident: Incident) -> None:
    answer = do(address, "link", incident, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in shown
    assert 'id="panel"' in shown
    assert "told by mail" in shown


def test_a_form_without_the_token_does_nothing(address: str, incident: Incident) -> None:
    answer = do(address, "link", incident, body={"form": ""})
    assert (answer.status_code, b"Nothing was done" in answer.content) == (403, True)
    other = address_of(ConversationSource.objects.get(), "chat-2")
    hear(make_conversation("chat-2"))
    theirs = FORM.search(stranger().get(other).content.decode())
    assert theirs
    answer = do(address, "link", incident, body={"form": theirs[1]})
    assert answer.status_code == 403
    assert not ConversationLink.objects.exists()


def test_a_reply_is_worded_and_never_sent(address: str, incident: Incident) -> None:
    shown = stranger().get(f"{address}&reply={incident.id}", headers=HTMX).content.decode()
    assert "Das ist uns bekannt" in shown
    assert "/follow/" in shown
    assert 'data-incident="' + incident.id in shown


def test_resolved_between_the_card_and_the_click(address: str, incident: Incident) -> None:
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    linked = do(address, "link", incident, headers=HTMX).content.decode()
    assert "It is over, so nobody was subscribed" in linked
    assert not Subscriber.objects.exists()
    worded = stranger().get(f"{address}&reply={incident.id}").content.decode()
    assert "ist behoben" in worded
    assert "/follow/" not in worded


def test_internal_incidents_are_named_nowhere(source: ConversationSource) -> None:
    hidden = make_incident("API response times degraded", pages=(), body="Zqsecret")
    hear(make_conversation())
    address = address_of(source)
    shown = stranger().get(address).content.decode()
    assert hidden.id not in shown
    assert "Nothing that is open lines up" in shown
    for path in (f"{address}&reply={hidden.id}", f"{address}&reply=nonsense"):
        answer = stranger().get(path)
        assert answer.status_code == 422
        assert "Zqsecret" not in answer.content.decode()
    published = make_incident("Payments fail at checkout")
    hear(make_conversation(), "payments fail at checkout", "m-2")
    assert do(address, "link", hidden).status_code == 422
    assert do(address, "link", published).status_code == 302
    assert ConversationLink.objects.get().incident_id == published.id


def test_unchanged_costs_little(
    address: str, incident: Incident, django_assert_max_num_queries: Any
) -> None:
    browser = stranger()
    tag = browser.get(address).headers["ETag"]
    with django_assert_max_num_queries(4):
        again = browser.get(address, headers={**HTMX, "if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    post_update(incident, by=STAFF, saying=Saying(status="identified"))
    news = browser.get(address, headers={**HTMX, "if-none-match": tag})
    assert "Identified" in news.content.decode()


def test_a_conversation_that_was_not_handed_in_yet(source: ConversationSource) -> None:
    incident = make_incident()
    address = address_of(source, "later")
    assert "has not handed in" in stranger().get(address).content.decode()
    assert do(address, "link", incident).status_code == 403
    hear(make_conversation("later"))
    assert "Likely match" in stranger().get(address).content.decode()


def test_a_source_that_is_not_here_is_said_in_a_sentence(address: str) -> None:
    path, _, query = address.partition("?")
    response = stranger().get(f"{path[:-26]}01JD0000000000000000000000?{query}")
    assert response.status_code == 404
    assert "it may have been deleted." in response.content.decode()


def test_other_methods_are_refused(address: str) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(stranger(), method)(address).status_code == 405
