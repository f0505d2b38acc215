"""Two people with a mail channel's form, or the letterhead's: the second reads what is new."""

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from atender.outbound.keeping import (
    add_channel,
    change_channel,
    change_letterhead,
    seen_channel,
)
from atender.outbound.models import Letterhead, MailChannel
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF

LIST = "/admin/outbound/mailchannel/"


def smtp() -> MailChannel:
    facts = {"host": "smtp.acme.example", "username": "acme", "password": "sesame"}
    return add_channel(MailChannel(from_address="status@acme.example", **facts), by=STAFF)


def given(channel: MailChannel, console: Client, **fields: str) -> dict[str, str]:
    names = ("from_address", "host", "port", "encryption", "username")
    stands = {name: str(getattr(channel, name)) for name in names}
    seen = seen_in(console.get(f"{LIST}{channel.pk}/change/").text)
    return {**stands, "is_active": "on", "falls_back": "on", "seen": seen, **fields}


def test_where_a_colleague_has_mails_leave_is_read_first(console: Client) -> None:
    channel = smtp()
    fields = given(channel, console, port="2525")
    change_channel(channel, username="status", is_active=False, falls_back=False, by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="somebody changed this e-mail channel since you"):
        change_channel(channel, username="acme", seen=fields["seen"], by=STAFF)
    told = (
        "It sends from status@acme.example through smtp.acme.example:587, encryption: STARTTLS "
        "(usually port 587), as status, is not in use, does not fall back. Save again if yours is"
    )
    where = f"{LIST}{channel.pk}/change/"
    is_told_first(console, where, fields, told, status=200)
    kept = MailChannel.objects.get()
    assert (kept.port, kept.username, kept.is_active) == (2525, "acme", True)
    assert kept.password == "sesame"
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(where, fields).status_code == 302


def test_a_password_of_mails_is_neither_told_nor_carried_and_is_asked_for_again(
    console: Client,
) -> None:
    channel = smtp()
    fields = given(channel, console, password="open please")
    change_channel(channel, password="another secret", by=STAFF)
    assert seen_channel(MailChannel.objects.get()) == fields["seen"]
    change_channel(channel, port=25, by=STAFF)
    refused = console.post(f"{LIST}{channel.pk}/change/", fields).text
    assert "Enter it once more: a page never carries it back." in refused
    assert "somebody changed this e-mail channel" in refused
    assert "secret" not in refused
    assert "open please" not in refused
    assert MailChannel.objects.get().password == "another secret"


def asked_for(page: str) -> bool:
    return "The server has changed: enter what belongs to it." in page


def test_who_did_not_move_the_server_hears_of_it_before_a_password_is_asked_for(
    console: Client,
) -> None:
    channel = smtp()
    where, fields = f"{LIST}{channel.pk}/change/", given(channel, console, port="2525")
    change_channel(channel, host="mx.acme.example", password="another secret", by=STAFF)
    refused = console.post(where, fields).text
    assert "somebody changed this e-mail channel since you opened it" in refused
    assert "mx.acme.example:587" in refused
    assert not asked_for(refused)
    # Who now wants it back needs what belongs to it.
    known = fields | {"seen": seen_in(refused)}
    asked = console.post(where, known).text
    assert asked_for(asked)
    assert "somebody changed" not in asked
    kept = MailChannel.objects.get()
    assert (kept.host, kept.port, kept.password) == ("mx.acme.example", 587, "another secret")
    assert console.post(where, known | {"password": "sesame"}).status_code == 302


def test_nor_is_a_providers_token(console: Client) -> None:
    channel = MailChannel(provider="postmark", from_address="status@acme.example")
    channel.options = {"server_token": "sesame", "api_url": "https://one.acme.example/"}
    add_channel(channel, by=STAFF)
    where = f"{LIST}{channel.pk}/change/"
    fields = {"from_address": "status@acme.example", "is_active": "on", "falls_back": "on"}
    fields |= {"option_api_url": "https://one.acme.example/", "option_server_token": ""}
    fields["seen"] = seen_in(console.get(where).text)
    options = {"server_token": "open please", "api_url": "https://two.acme.example/"}
    change_channel(channel, options=options, by=STAFF)
    refused = console.post(where, fields).text
    assert "its interface: https://two.acme.example/" in refused
    assert not asked_for(refused)
    assert asked_for(console.post(where, fields | {"seen": seen_in(refused)}).text)
    assert MailChannel.objects.get().options == options


def test_a_providers_account_is_told_without_its_secrets(console: Client) -> None:
    channel = MailChannel(provider="postmark", from_address="status@acme.example")
    channel.options = {"server_token": "sesame"}
    add_channel(channel, by=STAFF)
    where = f"{LIST}{channel.pk}/change/"
    fields = {"from_address": "news@acme.example", "is_active": "on", "falls_back": "on"}
    fields["seen"] = seen_in(console.get(where).text)
    options = {"server_token": "open please", "api_url": "https://mail.acme.example/"}
    change_channel(channel, options=options, by=STAFF)
    fields |= {"option_api_url": "", "option_server_token": "sesame"}
    told = (
        "through Postmark, address of its interface: https://mail.acme.example/, is in use, falls"
    )
    is_told_first(console, where, fields, told, status=200)
    kept = MailChannel.objects.get()
    assert (kept.from_address, kept.options) == ("news@acme.example", {"server_token": "sesame"})
    assert console.post(where, fields).status_code == 302


def test_how_a_colleague_has_mails_signed_is_read_first(console: Client) -> None:
    where = console.get("/admin/outbound/letterhead/")["Location"]
    fields = {"subject_prefix": "Ops", "sender_name": "", "reply_to": ""}
    fields["seen"] = seen_in(console.get(where).text)
    change_letterhead(Letterhead.objects.get(), sender_name="Acme at night", by=STAFF)
    told = (
        "somebody changed how mails are signed since you opened it. Subjects begin with the "
        "page&#x27;s name, the sender is “Acme at night”, answers go to the sender"
    )
    is_told_first(console, where, fields, told, status=200)
    head = Letterhead.objects.get()
    assert (head.subject_prefix, head.sender_name) == ("Ops", "")
    assert console.post(where, fields).status_code == 302
