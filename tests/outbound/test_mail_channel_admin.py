"""The e-mail channel in the console: its secret goes in and never comes out."""

from collections.abc import Iterator

import pytest
from django.core import mail as outbox
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from atender.deeds import noted
from atender.outbound.models import MailChannel
from atender.outbound.troubles import note_trouble
from atender.staff.models import User
from atender.staff.zones import choose_zone
from tests.smtp_sink import SmtpSink

LIST = "/admin/outbound/mailchannel/"
GIVEN = {
    "from_address": "Acme status <status@acme.example>",
    "host": "127.0.0.1",
    "port": "2525",
    "encryption": "none",
    "username": "",
    "password": "",
    "is_active": "on",
    "falls_back": "on",
}


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with SmtpSink() as server:
        yield server


def test_a_channel_is_added_and_its_password_never_shown(console: Client) -> None:
    response = console.post(LIST + "add/", {**GIVEN, "username": "acme", "password": "sesame"})
    assert response.status_code == 302

    channel = MailChannel.objects.get()
    assert channel.password == "sesame"
    assert "sesame" not in console.get(f"{LIST}{channel.pk}/change/").content.decode()
    assert "sesame" not in console.get(LIST).content.decode()


def test_an_address_for_reports_is_made_anew_on_the_record_or_not_at_all(console: Client) -> None:
    console.post(LIST + "add/", GIVEN)
    channel = MailChannel.objects.get()

    def refuse(**_: object) -> None:
        raise DatabaseError("no room for the log")

    noted.connect(refuse)
    try:
        with pytest.raises(DatabaseError):
            console.post(f"{LIST}{channel.pk}/events/")
    finally:
        noted.disconnect(refuse)
    assert MailChannel.objects.get().events_version == channel.events_version
    console.post(f"{LIST}{channel.pk}/events/")
    assert MailChannel.objects.get().events_version == channel.events_version + 1


def test_an_empty_password_keeps_the_stored_one(console: Client) -> None:
    console.post(LIST + "add/", {**GIVEN, "password": "sesame"})
    channel = MailChannel.objects.get()

    console.post(f"{LIST}{channel.pk}/change/", {**GIVEN, "port": "2526"})

    channel.refresh_from_db()
    assert (channel.port, channel.password) == (2526, "sesame")


def test_a_stored_password_goes_to_no_other_server(console: Client) -> None:
    signed_in = {**GIVEN, "username": "acme"}
    console.post(LIST + "add/", {**signed_in, "password": "sesame"})
    where = f"{LIST}{MailChannel.objects.get().pk}/change/"

    html = console.post(where, {**signed_in, "host": "evil.example"}).content.decode()
    assert "The server has changed: enter what belongs to it." in html
    assert MailChannel.objects.get().host == "127.0.0.1"

    console.post(where, {**signed_in, "host": "new.example", "password": "open"})
    assert MailChannel.objects.get().password == "open"

    # Where nobody signs in, it is forgotten, so that it cannot be sent later either.
    console.post(where, {**GIVEN, "host": "evil.example"})
    channel = MailChannel.objects.get()
    assert (channel.host, channel.password) == ("evil.example", "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"port": "0"}, "it is 1 or more"),
        ({"port": "70000"}, "it is 65535 or less"),
        ({"host": ""}, "This is empty; fill it in."),
        ({"encryption": "rot13"}, "none of the choices"),
    ],
)
def test_wrong_input_is_told_at_its_field(
    console: Client, change: dict[str, str], sentence: str
) -> None:
    html = console.post(LIST + "add/", {**GIVEN, **change}).content.decode()

    assert sentence in html
    assert not MailChannel.objects.exists()


def test_one_channel_is_in_use_at_a_time(console: Client) -> None:
    console.post(LIST + "add/", GIVEN)
    html = console.post(LIST + "add/", GIVEN).content.decode()

    assert "Another channel is in use" in html
    assert MailChannel.objects.count() == 1


def test_a_test_mail_goes_to_the_one_who_asks(console: Client, sink: SmtpSink) -> None:
    console.post(LIST + "add/", {**GIVEN, "port": str(sink.port)})
    channel = MailChannel.objects.get()
    path = f"{LIST}{channel.pk}/test/"

    assert console.get(path).status_code == 405
    html = console.post(path, follow=True).content.decode()

    assert "took the test mail to alice@acme.example" in html
    assert [taken.to for taken in sink.taken] == ["alice@acme.example"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_test_that_fails_says_why_and_no_other_channel_helps(
    console: Client, sink: SmtpSink, command: str
) -> None:
    sink.answer(command, "554 5.7.1 not today")
    console.post(LIST + "add/", {**GIVEN, "port": str(sink.port)})

    response = console.post(f"{LIST}{MailChannel.objects.get().pk}/test/", follow=True)

    assert "was not taken" in response.content.decode()
    assert "The mail server answered 554: 5.7.1 not today" in response.content.decode()
    assert not outbox.outbox


def test_since_when_it_fails_is_told_in_the_zone_of_whoever_reads_it(
    console: Client, alice: User
) -> None:
    choose_zone(alice, "America/Sao_Paulo")
    console.post(LIST + "add/", GIVEN)
    channel = MailChannel.objects.get()
    note_trouble(channel, "No answer.")
    at = f"{LIST}{channel.pk}/change/"
    MailChannel.objects.update(trouble_since="2025-01-05T10:00:00+00:00")
    assert "It does not work since 5 Jan 2025 07:00 UTC-03" in console.get(at).text


def test_the_channel_is_for_admins_alone(bobs_console: Client, acme: object) -> None:
    channel = MailChannel.objects.create(host="smtp.acme.example")

    assert bobs_console.get(LIST).status_code == 403
    assert bobs_console.get(f"{LIST}{channel.pk}/change/").status_code == 403
    refused = bobs_console.post(f"{LIST}{channel.pk}/test/")
    assert refused.status_code == 403
    assert "Your role does not allow to" in refused.text
