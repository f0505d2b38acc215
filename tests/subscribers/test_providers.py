"""An update through a tenant's own provider, whose interface a real server stands for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.core import mail as outbox
from pytest_django import Settings

from atender.outbound.models import Letter, Letterhead, MailChannel
from atender.outbound.providers.catalogue import PROVIDERS
from atender.tenants.models import Tenant
from subscribers.models import Delivery, DeliveryState, Notice, Subscriber
from tests.factories import make_incident
from tests.mail_providers import READERS, MailProvider, options_of
from tests.subscribers.making import make_subscriber, manage_path, unsubscribe_path, work_off
from tests.web_server import reply

PEOPLE = [f"p{number}@example.com" for number in range(4)]
Opens = Callable[..., MailProvider]


@pytest.fixture
def provider(acme: Tenant, settings: Settings) -> Iterator[Opens]:
    """Opens a provider as the tenant's channel, with four subscribers and an incident to tell."""
    settings.PRIVATE_TARGETS_ALLOWED = True
    with ExitStack() as stack:

        def opened(name: str = "postmark", *, falls_back: bool = False) -> MailProvider:
            server = stack.enter_context(MailProvider(name))
            channel = MailChannel(
                provider=name, from_address="Acme <status@acme.example>", falls_back=falls_back
            )
            channel.options = options_of(server)
            channel.save()
            for address in PEOPLE:
                make_subscriber(address, components=["API"])
            make_incident("Zahlungen <über> PayPal {{ subject }} %recipient%")
            return server

        yield opened


def states() -> list[str]:
    rows = Delivery.objects.order_by("subscriber__address")
    return list(rows.values_list("state", flat=True))


def told(server: MailProvider) -> list[str]:
    """Who was told of the incident; what admins are told of failures is no such mail."""
    return [mail.to for mail in server.came if mail.to in PEOPLE]


def of(address: str) -> Delivery:
    return Delivery.objects.get(subscriber__address=address)


@pytest.mark.parametrize("name", READERS)
def test_each_recipient_gets_a_mail_of_its_own(provider: Opens, name: str) -> None:
    server = provider(name)

    work_off()

    assert states() == [DeliveryState.SENT] * 4
    assert server.calls == (1 if PROVIDERS[name].most > 1 else 4)
    assert sorted(mail.to for mail in server.came) == PEOPLE
    for mail in server.came:
        subscriber = Subscriber.objects.get(address=mail.to)
        leave, manage = unsubscribe_path(subscriber), manage_path(subscriber)
        headers = {key.lower(): value for key, value in mail.headers.items()}
        assert headers["list-unsubscribe"] == f"<https://status.acme.localhost{leave}>"
        assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert headers["references"] == headers["in-reply-to"]
        assert "message-id" not in headers
        for text in (mail.text, mail.html):
            assert text.count(leave) == text.count(manage + "\n") + text.count(manage + '"') == 1
            assert "because you subscribed to API" in text
            assert "mark" not in text.replace("marks", "")
        assert "Zahlungen <über> PayPal {{ subject }} %recipient%" in mail.text
        assert "Zahlungen &lt;über&gt; PayPal" in mail.html


def test_what_the_provider_calls_a_mail_and_answered_is_kept(provider: Opens) -> None:
    provider()

    work_off()

    assert of(PEOPLE[0]).message_id == "m0"
    assert of(PEOPLE[0]).answer == "Postmark: OK"
    assert of(PEOPLE[3]).log[0]["result"] == "taken"


def test_one_of_a_call_that_is_refused_fails_alone(provider: Opens) -> None:
    server = provider()
    server.refuses[PEOPLE[1]] = "You tried to send to a recipient that is inactive."

    work_off()

    assert states() == ["sent", "failed", "sent", "sent"]
    assert of(PEOPLE[1]).answer == "Postmark: You tried to send to a recipient that is inactive."
    assert told(server) == [PEOPLE[0], PEOPLE[2], PEOPLE[3]]
    assert server.server.paths == ["/api/email/batch", "/api/email"]


def test_a_call_refused_for_one_of_them_is_made_one_by_one(provider: Opens) -> None:
    server = provider("resend")
    server.refuses[PEOPLE[1]] = "Invalid `to` field."

    work_off()

    assert states() == ["sent", "failed", "sent", "sent"]
    assert "Resend answered 400: Invalid `to` field." in of(PEOPLE[1]).answer
    assert told(server) == [PEOPLE[0], PEOPLE[2], PEOPLE[3]]


def test_a_sender_that_is_refused_fails_nobody(provider: Opens) -> None:
    server = provider("resend")
    server.refuses.update(dict.fromkeys(PEOPLE, "The domain acme.example is not verified."))

    work_off()

    assert "failed" not in states()[2:]
    assert "The domain acme.example is not verified." in Notice.objects.get().trouble
    assert "not verified" in MailChannel.objects.get().trouble


@pytest.mark.parametrize("status", [401, 429, 503])
def test_a_provider_that_takes_nothing_rests_the_notice(provider: Opens, status: int) -> None:
    server = provider()
    server.answer = reply(b'{"ErrorCode": 10, "Message": "No such server token."}', status)

    work_off()

    assert set(states()) == {DeliveryState.WAITING}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}
    said = f"Postmark answered {status}: No such server token."
    assert Notice.objects.get().trouble == MailChannel.objects.get().trouble == said
    assert server.calls == 1


def test_the_platform_stands_in_where_it_may_and_staff_are_told_once(
    provider: Opens, settings: Settings
) -> None:
    server = provider(falls_back=True)
    server.answer = reply(b'{"ErrorCode": 10, "Message": "No such server token."}', 401)

    work_off()
    make_incident("Another one")
    work_off()

    assert set(states()) == {DeliveryState.SENT}
    # The second time it rests: nobody waits for it.
    assert server.calls == 1
    told = [mail for mail in outbox.outbox if mail.to == ["alice@acme.example"]]
    assert [mail.subject for mail in told] == ["Your e-mail channel does not work"]
    assert "No such server token." in told[0].body
    assert not Letter.objects.exists()
    to_them = [mail for mail in outbox.outbox if mail.to[0] in PEOPLE]
    assert len(to_them) == 8
    assert {m.from_email for m in to_them} == {"status@localhost"}


def test_a_provider_that_may_have_taken_it_is_not_asked_at_once_again(
    provider: Opens, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    server = provider(falls_back=True)
    server.waits_s = 1

    work_off()

    assert set(states()) == {DeliveryState.WAITING}
    assert {d.log[0]["result"] for d in Delivery.objects.all()} == {"broken"}
    assert not [mail for mail in outbox.outbox if mail.to[0] in PEOPLE]


def test_a_private_interface_is_not_called(provider: Opens, settings: Settings) -> None:
    server = provider()
    settings.PRIVATE_TARGETS_ALLOWED = False

    work_off()

    assert server.calls == 0
    assert "private network" in Notice.objects.get().trouble


def test_a_redirect_is_not_followed(provider: Opens) -> None:
    server = provider()
    server.answer = reply(b"", 307, Location="http://127.0.0.1:9/secret")

    work_off()

    assert server.calls == 1
    assert set(states()) == {DeliveryState.WAITING}


def test_the_letterhead_signs_what_goes_to_subscribers(provider: Opens) -> None:
    Letterhead.objects.create(subject_prefix="Acme Ops", reply_to="help@acme.example")
    server = provider()

    work_off()

    (request,) = server.server.requests
    assert b'"Subject": "[Acme Ops] Investigating: ' in request.body
    assert b'"ReplyTo": "help@acme.example"' in request.body
    assert b'"From": "Acme <status@acme.example>"' in request.body
