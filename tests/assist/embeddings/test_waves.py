"""Who got a card by meaning complains of what is known: that makes no wave, and ends one."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from assist.conversations.cards import dismiss_card
from assist.embeddings.wanting import want
from assist.hearing.looking_again import look_again
from assist.language_model.loading import load
from assist.models import Card, Complaint, Message, MessageVector, Wave, WaveState
from assist.waves.explaining import explain_waves
from assist.waves.showing import open_waves
from assist.waves.watching import look
from atender.tenants.models import Tenant
from tests.assist.embeddings.serving import model_that, work
from tests.assist.waves.making import say
from tests.factories import STAFF, make_incident

TITLE = "Electronic signing unavailable"
# The lexicon reads a fault of the network in both; what this model makes of them is not the same.
BY_MEANING = "my autograph and scribble are not taken, the wifi is down"
OTHERWISE = "the wifi is down"


@pytest.fixture(autouse=True)
def afresh(settings: Settings, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    load()


def write(texts: list[str]) -> None:
    for person, text in enumerate(texts):
        say(text, person)


def test_they_make_no_wave() -> None:
    make_incident(TITLE, components=())
    with model_that():
        write([BY_MEANING] * 5)
        assert Complaint.objects.count() == 5
        work()
    assert (Card.objects.filter(by_meaning=True).count(), Complaint.objects.count()) == (5, 0)
    look(timezone.now())
    assert open_waves() == []


def test_a_wave_of_them_is_put_down_to_the_incident() -> None:
    with model_that():
        write([BY_MEANING] * 4 + [OTHERWISE] * 2)
        look(timezone.now())
        assert [seen.customers for seen in open_waves()] == [6]
        incident = make_incident(TITLE, components=())
        assert (explain_waves(), look_again(incident.id)) == (0, 0)
        work()
    wave = Wave.objects.get()
    assert (wave.state, wave.incident) == (WaveState.EXPLAINED, incident)
    assert wave.complaints.count() == 6


def test_another_goes_on_without_them_until_too_few_are_left() -> None:
    with model_that():
        write([BY_MEANING] + [OTHERWISE] * 3)
        look(timezone.now())
        assert [seen.customers for seen in open_waves()] == [4]
        look_again(make_incident(TITLE, components=()).id)
        work()
        assert [seen.customers for seen in open_waves()] == [3]
        message = Message.objects.latest("id")
        message.text = BY_MEANING
        message.save()
        MessageVector.objects.all().delete()
        want(message)
        work()
    assert not Wave.objects.exists()
    assert Complaint.objects.filter(wave=None, is_new=False).count() == 2


def test_what_staff_dismissed_explains_nothing() -> None:
    incident = make_incident(TITLE, components=())
    with model_that():
        write([BY_MEANING])
        work()
        conversation = Card.objects.get().conversation
        dismiss_card(conversation, incident, by=STAFF)
        say(BY_MEANING, 0)
        # The same conversation says it once more; its card is dismissed.
        again = Complaint.objects.get()
        assert again.message
        again.message.conversation = conversation
        again.message.save()
        work()
    assert Complaint.objects.count() == 1
