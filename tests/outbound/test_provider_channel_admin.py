"""A provider in the console: its own form, its secrets kept, its answer shown in words."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from atender.outbound.models import Letterhead, MailChannel
from atender.outbound.providers.catalogue import CHOICES, PROVIDERS
from atender.outbound.providers.connecting import provider_connection
from incidents.models import AuditEntry
from tests.mail_providers import MailProvider
from tests.web_server import reply

LIST = "/admin/outbound/mailchannel/"
ADD = LIST + "add/?provider=postmark"


@pytest.fixture
def postmark(settings: Settings) -> Iterator[MailProvider]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with MailProvider("postmark") as server:
        yield server


def given(server: MailProvider, **more: str) -> dict[str, str]:
    return {
        "from_address": "Acme status <status@acme.example>",
        "option_server_token": "sesame",
        "option_api_url": server.url,
        "is_active": "on",
        "falls_back": "on",
        **more,
    }


def test_each_provider_has_a_form_that_asks_what_it_needs(console: Client) -> None:
    choices = console.get(LIST + "add/").content.decode()

    for name, label in CHOICES:
        assert f'href="?provider={name}"' in choices
        assert label in choices
    for name, provider in PROVIDERS.items():
        html = console.get(f"{LIST}add/?provider={name}").content.decode()
        for ask in provider.asks:
            assert f'name="option_{ask.name}"' in html
        assert "For example Acme status &lt;status@acme.example&gt;." in html


def test_every_provider_can_be_made_of_what_it_asks_for() -> None:
    for name, provider in PROVIDERS.items():
        needed = {ask.name: "https://x.example/" for ask in provider.asks if ask.is_needed}
        assert provider_connection(name, needed).esp_name


def test_secrets_are_stored_encrypted_and_never_shown(
    console: Client, postmark: MailProvider
) -> None:
    assert console.post(ADD, given(postmark)).status_code == 302

    channel = MailChannel.objects.get()
    assert channel.options == {"server_token": "sesame", "api_url": postmark.url}
    with connection.cursor() as cursor:
        cursor.execute("SELECT options_text FROM outbound_mailchannel")
        assert "sesame" not in cursor.fetchone()[0]
    assert "sesame" not in console.get(f"{LIST}{channel.pk}/change/").content.decode()
    assert AuditEntry.objects.filter(action="mail_channel.added", subject_id=channel.pk).exists()


def test_an_empty_secret_keeps_the_stored_one(console: Client, postmark: MailProvider) -> None:
    console.post(ADD, given(postmark))
    channel = MailChannel.objects.get()
    change = given(postmark, option_server_token="", option_message_stream="broadcast")

    console.post(f"{LIST}{channel.pk}/change/", change)

    channel.refresh_from_db()
    assert channel.options["server_token"] == "sesame"
    assert channel.options["message_stream"] == "broadcast"


def test_a_stored_secret_goes_to_no_other_server(console: Client, postmark: MailProvider) -> None:
    console.post(ADD, given(postmark))
    where = f"{LIST}{MailChannel.objects.get().pk}/change/"
    moved = {"option_api_url": "https://evil.example", "option_server_token": ""}

    html = console.post(where, given(postmark, **moved)).content.decode()
    assert "The server has changed: enter what belongs to it." in html
    assert MailChannel.objects.get().options["api_url"] == postmark.url

    console.post(where, given(postmark, **moved | {"option_server_token": "open"}))
    assert MailChannel.objects.get().options["server_token"] == "open"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"option_server_token": ""}, "This is empty; fill it in"),
        ({"option_api_url": "gopher://x"}, "begins with http:// or https://"),
        ({"from_address": "nobody"}, "This is no sender"),
        ({"from_address": "a@x.example, b@y.example"}, "one address"),
        ({"from_address": "Acme\r\nBcc: x@y.example <a@x.example>"}, "on one line"),
    ],
)
def test_wrong_input_is_told_at_its_field(
    console: Client, postmark: MailProvider, change: dict[str, str], sentence: str
) -> None:
    html = console.post(ADD, given(postmark, **change)).content.decode()

    assert sentence in html
    assert not MailChannel.objects.exists()


def test_a_test_says_what_the_provider_answered(console: Client, postmark: MailProvider) -> None:
    console.post(ADD, given(postmark))
    path = f"{LIST}{MailChannel.objects.get().pk}/test/"

    html = console.post(path, follow=True).content.decode()
    assert "Postmark took the test mail to alice@acme.example" in html
    assert postmark.server.requests[0].headers["x-postmark-server-token"] == "sesame"

    postmark.answer = reply(b'{"ErrorCode": 10, "Message": "Bad or missing token."}', 401)
    html = console.post(path, follow=True).content.decode()
    assert "Postmark answered 401: Bad or missing token." in html


def test_providers_are_for_admins_alone(bobs_console: Client, acme: object) -> None:
    assert bobs_console.get(LIST + "add/").status_code == 403
    assert bobs_console.get("/admin/outbound/letterhead/").status_code == 403


def test_how_mails_are_signed_is_one_row(console: Client) -> None:
    console.get("/admin/outbound/letterhead/")
    response = console.get("/admin/outbound/letterhead/")
    said = {"subject_prefix": "Ops", "sender_name": "Acme", "reply_to": "help@acme.example"}

    console.post(response["Location"], said)

    assert Letterhead.objects.values("subject_prefix", "sender_name", "reply_to").get() == said
    html = console.post(response["Location"], {**said, "subject_prefix": "a\nb: c"})
    assert "on one line" in html.content.decode()
