"""Webhooks: signed, told public facts, tried on their schedule, switched off in the end."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from atender.tenants.models import Tenant
from incidents.transitions import Saying
from subscribers.calls.documents import LARGEST
from subscribers.calls.health import disable
from subscribers.deliveries.lanes import CALLS
from subscribers.models import Delivery, DeliveryState, Notice, NoticeState, Subscriber
from subscribers.people.endpoints import enable, rotate_secret
from tests.factories import STAFF, default_page, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.called import (
    Listener,
    delivery_to,
    endpoint_of,
    in_turn,
    later,
    listening,
    make_endpoint,
)
from tests.subscribers.making import make_subscriber, open_with, say, work_off
from tests.web_server import reply


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


def test_it_is_signed_as_the_library_of_its_readers_has_it(server: Listener) -> None:
    hook = make_endpoint(server)
    incident = make_incident()
    work_off()
    (request,) = server.requests
    payload = Webhook(endpoint_of(hook).secret).verify(request.body, request.headers)
    assert payload["type"] == "incident.update"
    assert payload["data"]["incident"]["id"] == incident.pk
    assert payload["data"]["update"]["status"] == "investigating"
    assert payload["data"]["page"]["id"] == default_page().pk
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == f"msg_{delivery_to(hook).pk}"
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 43 + "=").verify(request.body, request.headers)
    sent = delivery_to(hook)
    assert (sent.state, sent.answer, sent.attempts) == ("sent", "Answered 204.", 1)
    assert Notice.objects.get().state == NoticeState.SENT
    assert endpoint_of(hook).last_success_at


def test_the_secret_and_the_url_are_not_readable_in_the_database(server: Listener) -> None:
    hook = make_endpoint(server, "/hook?token=quokka")
    secret = endpoint_of(hook).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM subscribers_endpoint AS e")
        (row,) = cursor.fetchone() or ("",)
    assert secret not in row
    assert "quokka" not in row
    assert "quokka" not in hook.address


def test_nothing_private_is_told(server: Listener) -> None:
    make_endpoint(server)
    incident = open_with(Saying(body="Visible words."), pages=[default_page()])
    say(incident, "Customer Initech is hit.", is_public=False, severity="critical")
    work_off()
    later(seconds=2)
    assert len(server.requests) == 2
    everything = b"".join(request.body for request in server.requests).decode()
    assert "Visible words." in everything
    assert "Initech" not in everything
    assert STAFF.name not in everything


def test_a_payload_stays_below_its_limit(server: Listener) -> None:
    make_endpoint(server)
    make_endpoint(server, "/hosted", body_format="hosted_page")
    incident = open_with(Saying(body="🌩" * 5000), pages=[default_page()])
    for _ in range(3):
        say(incident, "Ж" * 5000)
    work_off()
    for seconds in (2, 4, 6, 8):
        later(seconds=seconds)
    assert sum("component_update" not in body for body in server.bodies) == 8
    assert all(len(request.body) < LARGEST for request in server.requests)
    ours = [body["data"] for body in server.bodies if "data" in body]
    assert any(data["is_cut"] and data["update"]["body"].endswith("…") for data in ours)


def test_the_json_of_hosted_pages_where_it_is_asked_for(server: Listener) -> None:
    hook = make_endpoint(server, body_format="hosted_page")
    incident = make_incident(severity="critical")
    work_off()
    (body,) = server.bodies
    assert set(body) == {"meta", "page", "incident"}
    assert set(body["meta"]) == {"unsubscribe", "documentation", "generated_at"}
    assert body["page"]["status_indicator"] == "critical"
    assert body["page"]["id"] == default_page().pk
    assert (body["incident"]["id"], body["incident"]["impact"]) == (incident.pk, "critical")
    assert body["incident"]["incident_updates"][0]["status"] == "investigating"
    Webhook(endpoint_of(hook).secret).verify(server.requests[0].body, server.requests[0].headers)


def test_both_secrets_sign_for_a_day_after_a_rotation(server: Listener) -> None:
    hook = make_endpoint(server)
    old = endpoint_of(hook).secret
    new = rotate_secret(hook, by=STAFF)
    assert new != old
    incident = make_incident()
    work_off()
    (request,) = server.requests
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(request.body, request.headers)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        say(incident, "More.")
        work_off()
        request = server.requests[-1]
        Webhook(new).verify(request.body, request.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(request.body, request.headers)


def test_the_schedule_is_kept_and_the_id_stays(server: Listener, sink: SmtpSink) -> None:
    server.answer(500)
    hook = make_endpoint(server, owner_email="owner@example.com")
    make_incident()
    work_off()
    now = timezone.now()
    for tries, pause in enumerate(CALLS.pauses, start=1):
        waiting = delivery_to(hook)
        assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, tries)
        said_at = endpoint_of(hook).answered_at
        assert said_at
        assert pause <= waiting.due_at - said_at <= pause * 1.1 + timedelta(seconds=5)
        now = waiting.due_at + timedelta(seconds=1)
        with time_machine.travel(now, tick=True):
            later()
    failed = delivery_to(hook)
    assert (failed.state, failed.attempts) == (DeliveryState.FAILED, 10)
    assert [entry["answer"] for entry in failed.log] == ["Answered 500."] * 10
    assert len(set(server.ids)) == 1
    stamps = [int(request.headers["webhook-timestamp"]) for request in server.requests]
    assert stamps == sorted(stamps)
    assert stamps[-1] - stamps[0] > 3 * 86_400
    hook.refresh_from_db()
    assert hook.state == "disabled"
    (mail,) = sink.to("owner@example.com")
    assert mail.to == "owner@example.com"
    assert b"Answered 500." in mail.content
    assert b"/subscriptions/" in mail.content


def test_a_later_success_ends_it(server: Listener) -> None:
    server.mood = in_turn(reply(status=503), reply(status=500), reply(status=202))
    hook = make_endpoint(server)
    make_incident()
    work_off()
    assert endpoint_of(hook).failures == 1
    later(seconds=7)
    later(minutes=7)
    sent = delivery_to(hook)
    assert (sent.state, [entry["result"] for entry in sent.log]) == (
        "sent",
        ["deferred", "deferred", "taken"],
    )
    fares = endpoint_of(hook)
    assert (fares.failures, fares.failing_since, fares.last_answer) == (0, None, "Answered 202.")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_leads_nowhere(server: Listener, status: int) -> None:
    server.mood = lambda r: reply(status=status, Location=server.base + "/elsewhere")
    hook = make_endpoint(server)
    make_incident()
    work_off()
    assert server.paths == ["/hook"]
    assert delivery_to(hook).answer == f"Answered {status}; redirects are not followed."


def test_gone_switches_it_off_and_says_so_once(server: Listener, sink: SmtpSink) -> None:
    server.answer(410)
    hook = make_endpoint(server, owner_email="owner@example.com")
    incident = make_incident()
    work_off()
    assert delivery_to(hook).state == DeliveryState.FAILED
    hook.refresh_from_db()
    assert hook.state == "disabled"
    assert endpoint_of(hook).disabled_why == "Answered 410: it is there no more."
    disable(hook.pk, why="again", at=timezone.now())
    work_off()
    assert [mail.to for mail in sink.taken] == ["owner@example.com"]
    say(incident, "More.")
    later(seconds=5)
    assert len(server.requests) == 1
    enable(hook, by=STAFF)
    server.answer(200)
    say(incident, "And more.")
    later(seconds=10)
    assert len(server.requests) == 2
    assert endpoint_of(hook).disabled_at is None


def test_without_an_owner_the_admins_are_told(server: Listener, sink: SmtpSink) -> None:
    server.answer(410)
    make_endpoint(server)
    make_incident()
    work_off()
    assert [mail.to for mail in sink.taken] == ["alice@acme.example"]


def test_what_it_asks_to_wait_is_waited(server: Listener) -> None:
    server.mood = in_turn(reply(status=429, Retry_After="3600"), reply(status=200))
    hook = make_endpoint(server)
    incident = make_incident()
    work_off()
    assert "asks to wait 3600 s" in delivery_to(hook).answer
    say(incident, "More.")
    later(minutes=30)
    assert len(server.requests) == 1
    later(minutes=61)
    later(minutes=62)
    assert len(server.requests) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_what_is_new_is_not_asked_of_a_failing_one_again_and_again(server: Listener) -> None:
    server.answer(500)
    make_endpoint(server)
    incident = make_incident()
    work_off()
    for words in ("one", "two", "three"):
        say(incident, words)
        work_off()
    assert len(server.requests) == 1
    server.answer(200)
    for seconds in (12, 20, 30, 40, 50):
        later(seconds=seconds)
    told = [body["data"]["update"]["body"] for body in server.bodies]
    assert [words for words in told if words in ("one", "two", "three")] == ["one", "two", "three"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_who_left_meanwhile_is_not_called(server: Listener) -> None:
    hook = make_endpoint(server)
    make_incident()
    work_off(1)
    Subscriber.objects.filter(pk=hook.pk).update(
        state="unsubscribed", unsubscribed_at=timezone.now()
    )
    work_off()
    assert not server.requests
    assert delivery_to(hook).state == DeliveryState.SKIPPED


def test_scopes_and_pages_hold_for_them_too(server: Listener) -> None:
    make_endpoint(server, "/api", components=["API"])
    make_endpoint(server, "/payments", components=["Payments"])
    make_incident(components=("API",))
    work_off()
    assert server.paths == ["/api"]


def test_what_they_answer_is_shown_to_nobody(server: Listener) -> None:
    server.mood = lambda _: reply(b"password=quokka", 500, X_Secret="quokka")
    hook = make_endpoint(server)
    make_incident()
    work_off()
    kept = delivery_to(hook)
    everything = json.dumps([kept.answer, kept.log, endpoint_of(hook).last_answer])
    assert "quokka" not in everything


def test_mails_and_calls_are_two_matters(server: Listener, sink: SmtpSink) -> None:
    """Neither a dead endpoint nor a dead mail server holds up the other."""
    server.answer(500)
    hook = make_endpoint(server)
    make_subscriber()
    incident = make_incident()
    work_off()
    assert [mail.to for mail in sink.taken] == ["maria@example.com"]
    assert Notice.objects.get().state == NoticeState.SENDING
    sink.stop()
    server.answer(200)
    say(incident, "More.", status="identified")
    work_off()
    later(seconds=10)
    later(seconds=12)
    told = [body["data"]["update"]["status"] for body in server.bodies]
    assert told[-2:] == ["investigating", "identified"]
    assert Notice.objects.latest("id").trouble
    sink.start()
    for minutes in (1, 7, 14):
        later(minutes=minutes)
    assert len(sink.taken) == 2
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert delivery_to_all(hook) == {DeliveryState.SENT}


def delivery_to_all(hook: Subscriber) -> set[str]:
    return set(Delivery.objects.filter(subscriber=hook).values_list("state", flat=True))


def test_after_an_outage_of_hours_the_oldest_comes_first(server: Listener) -> None:
    server.answer(500)
    make_endpoint(server)
    incident = make_incident()
    work_off()
    for hours, words in ((1, "one"), (2, "two")):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True):
            say(incident, words)
            later()
            later(minutes=6)
    server.requests.clear()
    server.answer(200)
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        say(incident, "three")
        work_off()
        for seconds in range(1, 8):
            later(seconds=seconds)
    told = [body["data"]["update"]["body"] for body in server.bodies]
    assert told[-3:] == ["one", "two", "three"]
    assert len(told) == 4
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_what_waits_for_one_that_is_back_comes_at_once(server: Listener) -> None:
    server.answer(500)
    hook = make_endpoint(server)
    first, second = make_incident("Mail is slow"), make_incident("Search is slow")
    work_off()
    for minutes in (1, 15, 60):
        later(minutes=minutes)
    waiting = Delivery.objects.filter(subscriber=hook).order_by("due_at")
    assert {row.state for row in waiting} == {DeliveryState.WAITING}
    server.answer(200)
    with time_machine.travel(waiting[1].due_at + timedelta(minutes=6), tick=True):
        for seconds in range(1, 4):
            later(seconds=seconds)
    assert set(waiting.values_list("state", flat=True)) == {DeliveryState.SENT}
    assert {first.pk, second.pk} == {body["data"]["incident"]["id"] for body in server.bodies}
