"""Which way a tenant's mail leaves, seen at real servers."""

import smtplib
import socket
from collections.abc import Iterator

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from pytest_django import Settings

from atender.outbound import mail
from atender.outbound.models import MailChannel
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.smtp_sink import SmtpSink

FROM = "Acme status <status@acme.example>"


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    """The tenant's own server."""
    settings.PRIVATE_TARGETS_ALLOWED = True
    with SmtpSink() as server:
        yield server


@pytest.fixture
def closed_port(settings: Settings) -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    settings.PRIVATE_TARGETS_ALLOWED = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def make_channel(port: int, **fields: object) -> MailChannel:
    facts = {"host": "127.0.0.1", "port": port, "encryption": "none", "from_address": FROM}
    return MailChannel.objects.create(**{**facts, **fields})


def message(subject: str = "Hello", **fields: object) -> EmailMessage:
    return EmailMessage(subject, "Text", to=["v@x.example"], **fields)  # type: ignore[arg-type]


def test_without_a_channel_the_platforms_is_used(acme: Tenant, settings: Settings) -> None:
    assert mail.send([message()]) == 1

    assert outbox.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL == mail.from_address()


def test_a_tenants_channel_carries_its_mail_over_one_connection(
    acme: Tenant, sink: SmtpSink
) -> None:
    make_channel(sink.port)

    assert mail.send([message("One"), message("Two")]) == 2

    assert [taken.message["Subject"] for taken in sink.taken] == ["One", "Two"]
    assert sink.taken[0].message["From"] == FROM == mail.from_address()
    assert sink.connections == 1
    assert not outbox.outbox


def test_a_sender_of_its_own_stays(acme: Tenant, sink: SmtpSink) -> None:
    make_channel(sink.port)

    mail.send([message(from_email="Other <other@acme.example>")])

    assert sink.taken[0].message["From"] == "Other <other@acme.example>"


def test_a_neighbours_channel_is_not_used(acme: Tenant, globex: Tenant, sink: SmtpSink) -> None:
    make_channel(sink.port)
    with in_tenant("globex"):
        mail.send([message()])

    assert not sink.taken
    assert len(outbox.outbox) == 1


def test_a_channel_out_of_use_is_not_used(acme: Tenant, sink: SmtpSink) -> None:
    make_channel(sink.port, is_active=False)
    mail.send([message()])

    assert not sink.taken


def test_the_platform_stands_in_for_a_server_that_cannot_be_reached(
    acme: Tenant, closed_port: int, settings: Settings
) -> None:
    make_channel(closed_port, falls_back=True)

    mail.send([message()])

    assert outbox.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL


def test_where_it_may_not_stand_in_the_failure_is_told(acme: Tenant, closed_port: int) -> None:
    make_channel(closed_port, falls_back=False)

    with pytest.raises(OSError, match="refused"):
        mail.send([message()])
    assert not outbox.outbox


def test_a_password_for_a_server_that_takes_none_is_a_failure(acme: Tenant, sink: SmtpSink) -> None:
    make_channel(sink.port, username="acme", password="sesame", falls_back=False)

    with pytest.raises(smtplib.SMTPException):
        mail.send([message()])


def test_a_channel_into_a_private_network_is_refused(
    acme: Tenant, sink: SmtpSink, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    make_channel(sink.port, falls_back=False)

    with pytest.raises(OSError, match="private network"):
        mail.send([message()])
    assert sink.connections == 0
