"""Mail channels and the letterhead change by verbs: held, checked, on record."""

from typing import Any

import pytest
from django.test import Client

from atender.actors import Actor
from atender.locking import Gone
from atender.outbound import keeping
from atender.outbound.keeping import (
    add_channel,
    change_channel,
    change_letterhead,
    delete_channel,
    renew_events_address,
)
from atender.outbound.models import Letterhead, MailChannel
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from incidents.models import AuditEntry
from tests.factories import STAFF
from tests.incidents.test_races import at_once

LIST = "/admin/outbound/mailchannel/"
LETTERHEAD = "/admin/outbound/letterhead/"


def make_channel(**facts: Any) -> MailChannel:
    said = {"host": "smtp.acme.example", "from_address": "status@acme.example"} | facts
    return add_channel(MailChannel(**said), by=STAFF)


def entries(action: str) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(action=action).order_by("at")
    return list(rows.values_list("details", flat=True))


@pytest.mark.parametrize(
    "deed",
    [
        lambda channel: change_channel(channel, by=STAFF, port=2525),
        lambda channel: renew_events_address(channel, by=STAFF),
        lambda channel: delete_channel(channel, by=STAFF),
    ],
)
def test_what_somebody_deleted_a_moment_ago_stays_deleted(acme: object, deed: Any) -> None:
    channel = make_channel()
    delete_channel(channel, by=STAFF)
    with pytest.raises(Gone, match="e-mail channel was deleted meanwhile"):
        deed(channel)
    assert not MailChannel.objects.exists()
    assert entries("mail_channel.deleted") == [{"provider": "smtp"}]
    assert not entries("mail_channel.changed")
    assert not entries("mail_channel.events_address_changed")


def test_a_change_touches_only_what_it_names(acme: object) -> None:
    known = make_channel(password="sesame")
    renew_events_address(known, by=STAFF)
    MailChannel.objects.update(trouble="It does not answer.")
    change_channel(known, by=STAFF, port=2525, username="acme")
    channel = MailChannel.objects.get()
    assert (channel.port, channel.username, channel.password) == (2525, "acme", "sesame")
    assert (channel.events_version, channel.trouble) == (2, "")
    assert entries("mail_channel.changed") == [{"provider": "smtp", "fields": ["port", "username"]}]


def test_a_second_channel_in_use_is_refused_with_a_sentence(acme: object) -> None:
    make_channel()
    other = make_channel(is_active=False)
    with pytest.raises(Refused, match="switch that one off first") as refused:
        change_channel(other, by=STAFF, is_active=True)
    assert refused.value.field == "is_active"
    assert not entries("mail_channel.changed")


@pytest.mark.usefixtures("fresh_database")
def test_of_two_that_come_into_use_at_once_one_is_told() -> None:
    outcomes = at_once(make_channel, make_channel, make_channel)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(refusal) for refusal in refused] == [Refused, Refused]
    with in_tenant("acme"):
        assert MailChannel.objects.filter(is_active=True).count() == 1


def test_the_console_records_what_was_changed_and_deleted(console: Client) -> None:
    channel = make_channel(password="sesame")
    given = {
        "from_address": channel.from_address,
        "host": channel.host,
        "port": "2525",
        "encryption": "starttls",
        "falls_back": "on",
    }
    assert console.post(f"{LIST}{channel.pk}/change/", given).status_code == 302
    fields = {"provider": "smtp", "fields": ["is_active", "port"]}
    assert entries("mail_channel.changed") == [fields]
    assert MailChannel.objects.get().password == "sesame"
    assert console.post(f"{LIST}{channel.pk}/delete/", {"post": "yes"}).status_code == 302
    assert entries("mail_channel.deleted") == [{"provider": "smtp"}]
    assert not MailChannel.objects.exists()


def test_a_letterhead_is_on_record_with_what_was_changed(console: Client) -> None:
    where = console.get(LETTERHEAD)["Location"]
    said = {"subject_prefix": "Ops", "sender_name": "", "reply_to": "help@acme.example"}
    console.post(where, said)
    console.post(where, said)
    assert entries("letterhead.changed") == [{"fields": ["reply_to", "subject_prefix"]}]
    change_letterhead(Letterhead.objects.get(), by=STAFF, sender_name="Acme")
    head = Letterhead.objects.get()
    assert (head.subject_prefix, head.sender_name) == ("Ops", "Acme")


def test_an_address_for_reports_of_a_channel_that_is_deleted_at_that_moment(
    console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = make_channel()
    renew = keeping.renew_events_address

    def deleted_before(channel: MailChannel, *, by: Actor) -> None:
        delete_channel(channel, by=by)
        renew(channel, by=by)

    monkeypatch.setattr(keeping, "renew_events_address", deleted_before)
    answer = console.post(f"{LIST}{channel.pk}/events/", follow=True)
    assert "The e-mail channel was deleted meanwhile." in answer.content.decode()
    assert not MailChannel.objects.exists()
