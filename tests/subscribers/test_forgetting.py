"""Who was told is forgotten after three months; how many were is not."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assist.reports.periods import Period
from assist.reports.told import count_deliveries, count_told_of
from atender.due.models import Due
from atender.due.work import schedule
from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.models import Incident
from subscribers.deliveries import forgetting
from subscribers.deliveries.forgetting import FORGETTING, forget_old_deliveries, promise_to_forget
from subscribers.deliveries.resending import NotReplayed, replay, resend_failed
from subscribers.models import Delivery, DeliveryState, Notice, NoticeState
from subscribers.reach import progress_of
from tests.factories import STAFF, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, say, strike, work_off

PEOPLE = [f"p{number}@example.com" for number in range(5)]
LATER = timedelta(days=90, minutes=1)


@pytest.fixture
def told(acme: Tenant, sink: SmtpSink) -> Incident:
    """An incident of which three of five were told: one failed, one bounced, one had left."""
    people = [make_subscriber(address) for address in PEOPLE]
    sink.answer("RCPT", "550 5.1.1 no such user", to=PEOPLE[1], times=1)
    incident = make_incident()
    work_off()
    Delivery.objects.filter(subscriber=people[2]).update(arrival="bounced")
    Delivery.objects.filter(subscriber=people[3]).update(state="skipped", sent_at=None)
    return incident


def counts(incident: Incident) -> tuple[int, int, int, int]:
    so_far = progress_of(incident)[-1]
    return so_far.total, so_far.sent, so_far.failed, so_far.skipped


def test_the_clock_forgets_and_the_counts_stay(told: Incident, console: Client) -> None:
    assert Due.objects.get(kind=FORGETTING).due_at > timezone.now() + timedelta(days=89)
    assert forget_old_deliveries(timezone.now() + timedelta(days=89)) is not None
    assert Delivery.objects.count() == 5
    with time_machine.travel(timezone.now() + LATER, tick=False):
        strike(timezone.now())
        assert not Delivery.objects.exists()
        assert counts(told) == (5, 3, 1, 1)
        assert not Due.objects.filter(kind=FORGETTING).exists()
    shown = console.get(f"/admin/incidents/incident/{told.pk}/change/").text
    assert "3 of 5 sent, 1 failed, 1 left · who it was is not kept for so long" in shown
    assert "Resend" not in shown
    assert "kept for 90 days" in console.get("/admin/subscribers/delivery/").text
    assert Notice.objects.get().past == {
        "email.sent": 3,
        "email.failed": 1,
        "email.skipped": 1,
        "email.bounced": 1,
    }
    with pytest.raises(Refused, match="not kept for so long"):
        resend_failed(Notice.objects.get(), by=STAFF)


def test_reports_say_the_same_before_and_after(told: Incident) -> None:
    before = count_told_of(told.pk)
    assert before == {"mails": 3, "calls": 0, "texts": 0, "failed": 1}
    period = Period.ending(timezone.now().date(), ZoneInfo("UTC"), 2)
    table = count_deliveries(period).rows
    forget_old_deliveries(timezone.now() + LATER)
    assert not Delivery.objects.exists()
    assert count_told_of(told.pk) == before
    assert count_deliveries(period).rows == table
    assert [row["mails"] for row in table] == [0, 3]


def test_steps_are_small_and_add_up(told: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "FORGOTTEN_AT_ONCE", 2)
    now, left = timezone.now() + LATER, []
    while forget_old_deliveries(now) == now:
        left.append(Delivery.objects.count())
        assert counts(told) == (5, 3, 1, 1)
    assert left == [3, 1]
    assert counts(told) == (5, 3, 1, 1)
    assert not Delivery.objects.exists()


def test_a_step_that_cannot_count_forgets_nothing(told: Incident) -> None:
    """One statement deletes and counts: half of it is never done, however a worker ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE subscribers_notice ADD CONSTRAINT broken CHECK (past = '{}')")
    with pytest.raises(IntegrityError, match="broken"), transaction.atomic():
        forget_old_deliveries(timezone.now() + LATER)
    assert Delivery.objects.count() == 5
    assert counts(told) == (5, 3, 1, 1)


def test_what_is_still_being_told_is_kept(told: Incident, sink: SmtpSink) -> None:
    sink.answer("RCPT", "450 4.2.1 later", to=PEOPLE[0], times=1)
    say(told, "Still looking.")
    work_off()
    now = timezone.now() + LATER
    while forget_old_deliveries(now) == now:
        pass
    kept = Delivery.objects.all()
    assert {delivery.notice.state for delivery in kept} == {NoticeState.SENDING}
    assert kept.filter(state=DeliveryState.WAITING).count() == 1
    assert forget_old_deliveries(now) == now + forgetting.kept_for()


def test_what_was_taken_back_while_it_was_sent_waits_for_its_end(told: Incident) -> None:
    Notice.objects.update(state=NoticeState.CANCELLED, sent_at=None)
    Delivery.objects.filter(state="sent").update(state="waiting", sent_at=None)
    forget_old_deliveries(timezone.now() + LATER)
    assert Delivery.objects.count() == 5


def test_a_replay_that_comes_too_late_is_refused(told: Incident) -> None:
    delivery = Delivery.objects.select_related("subscriber").first()
    assert delivery is not None
    forget_old_deliveries(timezone.now() + LATER)
    with pytest.raises(NotReplayed, match="forgotten"):
        replay(delivery, by=STAFF)


def test_how_long_is_the_operators_choice(told: Incident, settings: Settings) -> None:
    settings.DELIVERIES_KEPT_DAYS = 3
    forget_old_deliveries(timezone.now() + timedelta(days=4))
    assert not Delivery.objects.exists()


def test_one_promise_stands_at_a_time(acme: Tenant) -> None:
    soon = timezone.now() + timedelta(hours=1)
    schedule(FORGETTING, "", at=soon)
    promise_to_forget()
    assert Due.objects.get(kind=FORGETTING).due_at == soon


def test_finding_what_is_old_reads_an_index(acme: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    old = Notice.objects.through().ended_before(timezone.now())[:100]
    plan = old.explain()
    assert "notice_to_forget" in plan
    assert "delivery_open" in plan
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN " + forgetting.FORGET,
            {"notice": "019aca00-0000-7000-8000-000000000000", "most": 10},
        )
        steps = "\n".join(row[0] for row in cursor.fetchall())
    assert "delivery_once_a_notice" in steps
    assert "Seq Scan on subscribers_delivery" not in steps
