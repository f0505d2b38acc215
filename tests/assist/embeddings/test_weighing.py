"""Messages that found nothing are looked at by meaning, later, by a worker; or nothing changes."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from assist.conversations.cards import dismiss_card
from assist.conversations.opening import change_conversation, delete_conversation
from assist.embeddings.wanting import WEIGHING, begin
from assist.embeddings.weighing import KEPT, WAITS, learn_ordinary, weigh
from assist.hearing.looking_again import look_again
from assist.language_model.loading import load
from assist.models import (
    Card,
    Conversation,
    EmbeddingModel,
    IncidentVector,
    Message,
    MessageVector,
    OrdinaryVectors,
)
from atender.due.models import Due
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.assist.embeddings.serving import BROKEN, honest, model_that, texts_in, work
from tests.factories import STAFF, make_incident
from tests.web_server import HangUp, Request, reply

# The lexicon finds nothing that the two share.
TITLE, SAID = "Electronic signing unavailable", "my autograph is not taken, the box stays grey"


@pytest.fixture(autouse=True)
def afresh(settings: Settings, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    load()


def told(text: str = SAID, external_id: str = "chat-1") -> tuple[Conversation, Message]:
    conversation = make_conversation(external_id)
    message = hear(conversation, text)
    conversation.refresh_from_db()
    return conversation, message


def test_a_message_that_found_nothing_gets_a_card_by_its_meaning() -> None:
    incident = make_incident(TITLE)
    with model_that() as (model, server):
        conversation, message = told()
        assert server.requests == []
        assert not Card.objects.exists()
        work()

    card = Card.objects.get()
    assert (card.conversation, card.incident, card.message) == (conversation, incident, message)
    assert (card.state, card.reasons, card.by_meaning) == ("shown", [], True)
    version = conversation.version
    conversation.refresh_from_db()
    assert conversation.version > version
    model.refresh_from_db()
    assert (model.dimensions, model.trouble) == (256, "")
    assert not MessageVector.objects.exclude(wanted_at=None).exists()


def test_what_is_about_something_else_gets_none() -> None:
    make_incident(TITLE)
    with model_that():
        told("the goldfish needs another bowl")
        assert MessageVector.objects.count() == 1
        work()
    assert not Card.objects.exists()


def test_without_a_model_everything_is_as_it_was() -> None:
    make_incident(TITLE)
    told()
    assert not MessageVector.objects.exists()
    assert not Due.objects.filter(kind=WEIGHING).exists()
    assert weigh(timezone.now()) is None


def test_who_found_an_incident_is_not_sent_anywhere() -> None:
    make_incident()
    with model_that():
        told("your api is super slow today")
        assert Card.objects.count() == 1
        assert not MessageVector.objects.exists()


def test_where_nothing_is_open_nothing_is_sent() -> None:
    with model_that():
        told()
    assert not MessageVector.objects.exists()


@pytest.mark.parametrize("how", BROKEN)
def test_whatever_breaks_nothing_else_changes(how: str) -> None:
    make_incident(TITLE)
    _, without = told()
    with model_that(BROKEN[how]) as (model, server):
        conversation, message = told(external_id="chat-2")
        again = work()

    assert (message.found, message.language) == (without.found, without.language)
    assert not Card.objects.exists()
    assert len(server.requests) == 1
    version = conversation.version
    conversation.refresh_from_db()
    assert conversation.version == version
    model.refresh_from_db()
    assert (model.failures, model.trouble[-1]) == (1, ".")
    assert again == model.rests_until
    assert not OrdinaryVectors.objects.exists()


def test_a_model_that_keeps_failing_is_left_alone_and_comes_back() -> None:
    make_incident(TITLE)
    fails = True

    def mends(request: Request) -> bytes:
        if fails:
            raise HangUp
        return honest(request)

    with model_that(mends) as (model, server):
        told()
        at = timezone.now()
        for _ in range(3):
            again = work(at)
            assert again is not None
            at = again
        assert len(server.requests) == 3
        assert work(at - timedelta(seconds=50)) == at
        assert len(server.requests) == 3
        fails = False
        work(at + timedelta(seconds=1))
    assert Card.objects.count() == 1
    model.refresh_from_db()
    assert (model.failures, model.trouble, model.rests_until) == (0, "", None)


def test_who_waits_too_long_is_let_be() -> None:
    make_incident(TITLE)
    with model_that() as (_, server):
        _, message = told()
        work(message.created_at + WAITS + timedelta(seconds=5))
        assert not any(SAID[:12] in text for one in server.requests for text in texts_in(one))
    assert not Card.objects.exists()
    assert not MessageVector.objects.exists()


def test_languages_that_are_not_trusted_are_matched_without_it() -> None:
    make_incident(TITLE)
    with model_that(languages=["de", "fr"]):
        _, message = told()
    assert message.language == "en"
    assert not MessageVector.objects.exists()


def test_incidents_are_asked_for_once_a_generation() -> None:
    incident, other = make_incident(TITLE), make_incident("Parcels delayed")
    with model_that() as (_, server):
        told()
        work()
        about = [one for one in server.requests if any(TITLE in t for t in texts_in(one))]
        assert len(about) == 1
        told("another autograph that is not taken", external_id="chat-2")
        work()
        assert len(texts_in(server.requests[-1])) == 1
        post_update(incident, by=STAFF, saying=Saying(body="The vendor was called."))
        look_again(incident.id)
        work()
        (text,) = texts_in(server.requests[-1])
        assert "The vendor was called." in text
        assert IncidentVector.objects.count() == 2
        post_update(other, by=STAFF, saying=Saying(status="resolved"))
        work()
        assert IncidentVector.objects.get().incident == incident


def test_who_wrote_before_the_incident_is_looked_at_too() -> None:
    with model_that():
        told()
        incident = make_incident(TITLE)
        look_again(incident.id)
        work()
        assert Card.objects.get().incident == incident
        dismiss_card(Conversation.objects.get(), incident, by=STAFF)
        look_again(incident.id)
        work()
    assert Card.objects.get().state == "dismissed"


def test_a_conversation_that_was_closed_meanwhile_is_let_be() -> None:
    make_incident(TITLE)
    with model_that():
        conversation, _ = told()
        change_conversation(conversation, is_open=False)
        work()
    assert not Card.objects.exists()


def test_an_internal_incident_is_for_staff_alone() -> None:
    hidden = make_incident(TITLE, pages=())
    with model_that():
        _, message = told()
        work()
    assert Card.objects.get().incident == hidden
    message.refresh_from_db()
    assert message.found == []


def test_what_is_sent_names_nobody() -> None:
    make_incident(TITLE)
    said = f"Hello,\n\n{SAID}. Write to {MARIA} or call +49 170 1234567.\n\nKind regards,\nMaria"
    with model_that() as (_, server):
        told(said)
        work()
    (sent,) = [t for one in server.requests for t in texts_in(one) if "autograph" in t]
    assert not any(part in sent for part in ("@", "1234567", "Kind regards"))
    assert all("sesame" not in one.body.decode() for one in server.requests)


def test_vectors_go_with_the_words_and_after_half_a_day() -> None:
    make_incident(TITLE)
    with model_that():
        conversation, _ = told("the goldfish needs another bowl")
        told("another goldfish", external_id="chat-2")
        again = work()
        assert MessageVector.objects.count() == 2
        delete_conversation(conversation, by=STAFF)
        kept = MessageVector.objects.get()
        assert again is not None
        assert again <= kept.written_at + KEPT
        assert weigh(kept.written_at + KEPT) is None
    assert not MessageVector.objects.exists()


def test_what_a_changed_model_answered_is_not_kept() -> None:
    with model_that() as (model, _server):
        EmbeddingModel.objects.update(model="large")
        assert learn_ordinary(model)
        assert not OrdinaryVectors.objects.exists()
        assert EmbeddingModel.objects.get().dimensions is None


def test_saving_it_begins_anew() -> None:
    make_incident(TITLE)
    with model_that() as (model, server):
        told("the goldfish needs another bowl")
        work()
        EmbeddingModel.objects.update(trouble="It failed.", failures=4, rests_until=timezone.now())
        model.refresh_from_db()
        begin(model)
        assert not OrdinaryVectors.objects.exists()
        assert not IncidentVector.objects.exists()
        assert not MessageVector.objects.exists()
        model.refresh_from_db()
        assert (model.dimensions, model.failures, model.trouble) == (None, 0, "")
        before = len(server.requests)
        work()
    assert [len(texts_in(one)) for one in server.requests[before:]] == [12, 1]


def test_many_at_once_are_asked_for_by_the_batch() -> None:
    incident = make_incident(TITLE)
    with model_that() as (_, server):
        for number in range(20):
            told(external_id=f"chat-{number}")
        work()
    assert [len(texts_in(one)) for one in server.requests] == [12, 1, 16, 4]
    assert Card.objects.filter(incident=incident).count() == 20


def test_a_tenants_vectors_are_the_tenants(globex: Tenant) -> None:
    make_incident(TITLE)
    with model_that() as (_, server):
        told()
        work()
        asked = len(server.requests)
        with in_tenant("globex"):
            assert not Incident.objects.active().exists()
            make_incident(TITLE)
            told()
            assert weigh(timezone.now()) is None
            for kind in (EmbeddingModel, IncidentVector, MessageVector, OrdinaryVectors):
                assert not kind.objects.exists()
            assert not Card.objects.exists()
        assert len(server.requests) == asked


def test_a_server_of_another_dimension_is_noticed_and_changes_nothing() -> None:
    make_incident(TITLE)
    numbers = 256

    def grows(request: Request) -> bytes:
        rows = [{"index": at, "embedding": [1.0] * numbers} for at in range(len(texts_in(request)))]
        return reply(json.dumps({"data": rows}).encode(), content_type="application/json")

    with model_that(grows) as (model, _server):
        work()
        told()
        work()
        numbers = 512
        told(external_id="chat-2")
        work()
    model.refresh_from_db()
    assert model.trouble == "Its vectors have 512 numbers; they had 256 before."
    assert not Card.objects.exists()
