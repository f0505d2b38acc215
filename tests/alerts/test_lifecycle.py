from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from alerts.lifecycle import AlreadyResolved, acknowledge, add_note, resolve, snooze
from alerts.models import Alert, AlertEntry
from alerts.together import WAKING
from alerts.triggering import Trouble, trigger
from atender.actors import Actor, ActorKind
from atender.due.models import Due
from atender.refusals import Conflict, Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.alerts.making import kinds_of, make_alert, probe
from tests.factories import STAFF
from tests.incidents.test_races import at_once
from tests.subscribers.making import strike

DANA = Actor(ActorKind.PERSON, name="Dana")


def test_an_alert_is_raised_with_its_first_line(acme: Tenant) -> None:
    alert = make_alert(monitor=probe())
    assert (alert.status, alert.severity, alert.service) == (
        "triggered",
        "error",
        probe().service,
    )
    (entry,) = alert.entries.all()
    assert (entry.kind, entry.text, entry.by_name) == ("triggered", "api probe is down", "Alice")


def test_while_it_is_open_the_same_key_changes_nothing(acme: Tenant) -> None:
    first = make_alert(dedup_key="disk-7")
    acknowledge(first, by=DANA)
    before = Alert.objects.values().get()
    again, is_new = trigger(Trouble("Worse now", severity="critical", dedup_key="disk-7"), by=STAFF)
    assert (again.pk, is_new) == (first.pk, False)
    assert Alert.objects.values().get() == before
    assert kinds_of(first) == ["triggered", "acknowledged"]


def test_after_it_was_resolved_the_same_key_is_a_new_alert(acme: Tenant) -> None:
    first = make_alert(dedup_key="disk-7")
    resolve(first, by=STAFF)
    assert make_alert(dedup_key="disk-7").pk != first.pk


def test_an_occurrence_that_was_resolved_does_not_come_back(acme: Tenant) -> None:
    first = make_alert(dedup_key="disk-7", occurrence="2026-11-28T03:14:22Z")
    resolve(first, by=STAFF)
    assert make_alert(dedup_key="disk-7", occurrence="2026-11-28T03:14:22Z").pk == first.pk
    assert make_alert(dedup_key="disk-7", occurrence="2026-11-28T05:00:00Z").pk != first.pk


def test_keys_of_two_senders_are_two(acme: Tenant) -> None:
    make_alert(dedup_key="a", origin_id="01JD0000000000000000000000")
    make_alert(dedup_key="a", origin_id="01JD0000000000000000000001")
    make_alert(dedup_key="a")
    assert Alert.objects.count() == 3


@pytest.mark.parametrize(
    ("trouble", "field"),
    [
        (Trouble(" "), "summary"),
        (Trouble("x" * 256), "summary"),
        (Trouble("x", severity="fatal"), "severity"),
        (Trouble("x", dedup_key="k" * 256), "dedup_key"),
    ],
)
def test_what_cannot_be_an_alert_leaves_nothing(acme: Tenant, trouble: Trouble, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        trigger(trouble, by=STAFF)
    assert refusal.value.field == field
    assert not Alert.objects.exists()


def test_who_took_it_first_has_it(acme: Tenant) -> None:
    alert = acknowledge(make_alert(), by=DANA)
    again = acknowledge(alert, by=STAFF)
    assert again.acknowledged_by_name == "Dana"
    assert kinds_of(alert) == ["triggered", "acknowledged"]


def test_a_resolved_alert_is_neither_taken_nor_snoozed(acme: Tenant) -> None:
    alert = resolve(make_alert(), by=STAFF)
    with pytest.raises(AlreadyResolved, match="resolved, since"):
        acknowledge(alert, by=DANA)
    with pytest.raises(AlreadyResolved):
        snooze(alert, until=timezone.now() + timedelta(hours=1), by=DANA)
    resolve(alert, by=DANA)
    assert kinds_of(alert) == ["triggered", "resolved"]


def test_a_snoozed_alert_wakes_by_itself(acme: Tenant) -> None:
    alert, until = make_alert(), timezone.now() + timedelta(minutes=30)
    snooze(alert, until=until, by=DANA)
    assert Alert.objects.get().is_snoozed(timezone.now())
    strike()
    assert kinds_of(alert) == ["triggered", "snoozed"]
    with time_machine.travel(until):
        strike()
    assert Alert.objects.get().snoozed_until is None
    assert kinds_of(alert) == ["triggered", "snoozed", "woke"]


def test_a_snoozed_alert_that_somebody_took_stays_quiet(acme: Tenant) -> None:
    alert, until = make_alert(), timezone.now() + timedelta(minutes=30)
    snooze(alert, until=until, by=DANA)
    acknowledge(alert, by=DANA)
    strike(until)
    assert kinds_of(alert) == ["triggered", "snoozed", "acknowledged"]
    with pytest.raises(Conflict, match="Dana has it"):
        snooze(alert, until=until, by=STAFF)


@pytest.mark.parametrize(
    ("later_s", "lines"),
    [(0, 1), (5, 1), (59, 1), (-59, 1), (60, 2), (3600, 2), (-60, 2)],
)
def test_a_second_click_on_half_an_hour_says_nothing_new(
    acme: Tenant, later_s: int, lines: int
) -> None:
    alert, now = make_alert(), timezone.now()
    until = now + timedelta(minutes=30)
    snooze(alert, until=until, by=DANA, at=now, is_exact=False)
    snooze(alert, until=until + timedelta(seconds=later_s), by=DANA, at=now, is_exact=False)
    assert kinds_of(alert) == ["triggered", *["snoozed"] * lines]
    stands = Alert.objects.get().snoozed_until
    assert stands == (until if lines == 1 else until + timedelta(seconds=later_s))


@pytest.mark.parametrize(("later_s", "lines"), [(0, 1), (5, 2), (-59, 2)])
def test_the_very_moment_that_is_asked_for_holds(acme: Tenant, later_s: int, lines: int) -> None:
    alert, now = make_alert(), timezone.now()
    asked = now + timedelta(minutes=30, seconds=later_s)
    snooze(alert, until=now + timedelta(minutes=30), by=DANA, at=now, is_exact=False)
    snooze(alert, until=asked, by=DANA, at=now)
    snooze(alert, until=asked, by=DANA, at=now)
    assert kinds_of(alert) == ["triggered", *["snoozed"] * lines]
    assert Alert.objects.get().snoozed_until == asked
    assert Due.objects.get(kind=WAKING).due_at == asked


def test_a_sleep_that_is_over_does_not_stand_for_the_next(acme: Tenant) -> None:
    alert, now = make_alert(), timezone.now()
    snooze(alert, until=now + timedelta(seconds=10), by=DANA, at=now)
    later = now + timedelta(seconds=20)
    snooze(alert, until=later + timedelta(seconds=30), by=DANA, at=later)
    assert kinds_of(alert) == ["triggered", "snoozed", "snoozed"]


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_it_is_snoozed_for_a_month_at_most(acme: Tenant, days: int) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="30 days"):
        snooze(make_alert(), until=now + timedelta(days=days), by=DANA, at=now)


def test_a_note_has_words(acme: Tenant) -> None:
    alert = make_alert()
    add_note(alert, "Restarted the pool.\n", by=DANA)
    with pytest.raises(Refused, match="words"):
        add_note(alert, " \n", by=DANA)
    assert [e.text for e in alert.entries.filter(kind="note")] == ["Restarted the pool."]


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_a_timeline_is_only_added_to(acme: Tenant, statement: str) -> None:
    make_alert()
    entries = AlertEntry.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries.update(text="never") if statement == "update" else entries._raw_delete("default")


@pytest.mark.usefixtures("fresh_database")
def test_three_at_once_with_one_key_raise_one() -> None:
    outcomes = at_once(*[lambda: make_alert(dedup_key="disk-7")] * 3)
    assert len({alert.pk for alert in outcomes}) == 1
    with in_tenant("acme"):
        assert kinds_of(Alert.objects.get()) == ["triggered"]


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[::1", "build 4711"])
def test_an_alerts_link_is_a_web_address_whoever_raises_it(url: str) -> None:
    with pytest.raises(Refused, match="A link is a web address") as refused:
        make_alert(url=url)
    assert refused.value.field == "url"
