"""The demo's customer chat and its fifty customers."""

import random
import re
from typing import Any

import pytest
from django.test import Client

from assist.demo.wave import send_customers
from assist.examples.written import messages
from assist.models import Conversation, Message
from atender.tenants.models import Tenant
from tests.factories import make_incident

URL = "/assist/chat/"


@pytest.fixture(autouse=True)
def in_the_demo(settings: Any) -> None:
    settings.DEMO = True


def test_a_customer_is_answered(console: Client) -> None:
    make_incident()
    assert "Open an incident first" in console.get(URL).content.decode()
    console.post(URL, {"text": "eure API ist so langsam heute, alles hängt"})
    shown = console.get(URL).content.decode()
    assert "Das ist uns bekannt" in shown
    console.post(URL, {"text": "ja, gerne"})
    assert "Neuigkeiten dazu kommen" in console.get(URL).content.decode()
    assert "Left to whoever handles the rest" not in console.get(URL).content.decode()
    console.post(URL, {"text": "wie ändere ich mein Profilbild?"})
    assert "Left to whoever handles the rest" in console.get(URL).content.decode()
    console.post(URL, {"anew": "1"})
    assert "Das ist uns bekannt" not in console.get(URL).content.decode()


def test_fifty_customers_write_most_about_what_is_open(acme: Tenant) -> None:
    make_incident()
    assert send_customers(chance=random.Random(1)) == 50
    assert Conversation.objects.count() == 50
    said = Message.objects.filter(author="customer")
    about_it = [message for message in said if message.found]
    assert len(about_it) >= 40
    assert len({message.language for message in about_it}) >= 8
    answers = Message.objects.filter(purpose="answer")
    assert 20 <= answers.count() <= 34
    by_language: dict[str, set[str]] = {}
    for answer in answers:
        by_language.setdefault(answer.language, set()).add(answer.text)
    assert {len(texts) for texts in by_language.values()} == {1}


def test_on_an_ordinary_day_nobody_is_answered(acme: Tenant) -> None:
    send_customers(10, chance=random.Random(1))
    assert not Message.objects.filter(author="agent").exists()


def test_the_button_sends_them(console: Client) -> None:
    make_incident()
    sent = console.post(URL, {"customers": "50"}, follow=True)
    said = re.search(r"50 customers have written; .* answered (\d+) of them", sent.content.decode())
    assert said
    assert int(said[1]) == Message.objects.filter(purpose="answer").count() >= 20


def test_who_only_reads_writes_nothing(bobs_console: Client) -> None:
    assert b"Send 50 customers" not in bobs_console.get(URL).content
    refused = bobs_console.post(URL, {"customers": "50"})
    assert refused.status_code == 403
    assert "Your role does not allow to" in refused.text
    assert not Conversation.objects.exists()


def test_outside_the_demo_there_is_no_chat(console: Client, settings: Any) -> None:
    settings.DEMO = False
    assert console.get(URL).status_code == 404
    assert console.post(URL, {"text": "hello"}).status_code == 404


def test_the_messages_speak_many_languages() -> None:
    languages = {one.language for one in messages()}
    assert len(languages) >= 14
