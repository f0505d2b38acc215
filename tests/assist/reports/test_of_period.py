"""The figures of a stretch of days, each from the record and from nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assist.conversations.keeping import forget_old_conversations
from assist.conversations.opening import delete_conversation
from assist.models import Conversation
from assist.reports.of_incident import report_of
from assist.reports.of_period import report_on, tenants_zone
from assist.reports.periods import Period
from assist.reports.tables import Row, Table
from atender.erasing import erase_person
from atender.tenants.models import Tenant
from incidents.lifecycle import delete_incident, post_update
from incidents.transitions import Saying
from tests.assist.conversations.making import MARIA, make_conversation
from tests.assist.reports.making import MINUTES, answer, link, make_card, make_past
from tests.factories import STAFF, component, default_page, make_incident
from tests.subscribers.making import make_subscriber, work_off

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def tables(days: int = 7) -> dict[str, Table]:
    period = Period.ending(NOW.date(), tenants_zone(), days)
    return {table.name: table for table in report_on(period, default_page(), now=NOW)}


def row(table: Table, **having: Any) -> Row:
    return next(r for r in table.rows if all(r[key] == value for key, value in having.items()))


def test_incidents_by_severity_component_and_day(acme: Tenant) -> None:
    make_past(NOW - 2 * DAY, severity="critical", components=("API", "Payments"))
    make_past(NOW - 2 * DAY, severity=None)
    make_past(NOW - 9 * DAY)
    gone = make_past(NOW - 2 * DAY)
    delete_incident(gone, by=STAFF)
    found = tables()
    day = row(found["incidents"], step=(NOW - 2 * DAY).date())
    assert (day["critical"], day["major"], day["none"], day["total"]) == (1, 0, 1, 2)
    assert [r["total"] for r in found["incidents"].rows if r["total"]] == [2]
    assert row(found["components"], component="API")["total"] == 2
    assert row(found["components"], component="Payments")["critical"] == 1


def test_median_and_mean_say_different_things(acme: Tenant) -> None:
    for lasting in (30, 40, 500):
        make_past(NOW - DAY, lasting=lasting)
    make_incident(at=NOW, started_at=NOW - 2 * 60 * MINUTES)
    times = tables()["times"]
    resolve = row(times, span="To resolve")
    assert (resolve["counted"], resolve["median"], resolve["mean"]) == (3, 2400, 11_400)
    assert row(times, span="To acknowledge")["median"] == 240
    assert row(times, span="To identify")["mean"] == 1200


def test_days_are_those_of_the_tenant(acme: Tenant) -> None:
    branding = default_page().branding
    branding.time_zone = "Pacific/Auckland"
    branding.save()
    make_past(datetime(2026, 11, 26, 23, tzinfo=UTC))
    counted = [r["step"] for r in tables()["incidents"].rows if r["total"]]
    assert [str(step) for step in counted] == ["2026-11-27"]


def test_promises_and_uptime(acme: Tenant) -> None:
    start = NOW - DAY
    incident = make_incident(at=start, started_at=start, severity="critical")
    saying = Saying(body="More soon.", next_update_by=start + 30 * MINUTES)
    post_update(incident, by=STAFF, saying=saying, at=start + MINUTES)
    saying = Saying(body="Late.", next_update_by=start + 90 * MINUTES)
    post_update(incident, by=STAFF, saying=saying, at=start + 40 * MINUTES)
    over = Saying(status="resolved", body="Over.")
    post_update(incident, by=STAFF, saying=over, at=start + 60 * MINUTES)
    type(component()).objects.update(started_at=NOW - 100 * DAY)
    found = tables()
    day = row(found["promises"], step=start.date())
    assert (day["kept"], day["missed"], day["rate"]) == (1, 1, 0.5)
    assert row(found["uptime"], component="API")["down"] == pytest.approx(3600)
    assert row(found["uptime"], component="Payments")["share"] == 1


def test_precision_is_by_how_sure_the_matcher_was(acme: Tenant) -> None:
    incident = make_past(NOW - DAY)
    for state in ("confirmed", "confirmed", "confirmed", "dismissed", "shown"):
        make_card(incident, NOW - DAY, confidence=0.95, state=state)
    make_card(incident, NOW - DAY, confidence=0.6, state="dismissed")
    cards = tables()["cards"]
    sure, unsure = row(cards, band="90 % and more"), row(cards, band="below 70 %")
    assert (sure["shown"], sure["undecided"], sure["precision"]) == (5, 1, 0.75)
    assert unsure["precision"] == 0
    assert row(cards, band="70 to 80 %")["precision"] is None


def test_what_is_forgotten_stays_counted(acme: Tenant) -> None:
    at = timezone.now() - 200 * DAY
    incident = make_past(at)
    for number in range(3):
        talk = make_conversation(f"old-{number}", at=at, address=MARIA)
        make_card(incident, at, conversation=talk)
        link(talk, incident, at)
        answer(talk, incident, at)
    before = report_of(incident, now=NOW)
    delete_conversation(Conversation.objects.get(external_id="old-0"), by=STAFF)
    Conversation.objects.filter(external_id="old-2").update(customer_address="li@example.com")
    erase_person(MARIA, by=STAFF)
    Conversation.objects.update(last_message_at=at)
    forget_old_conversations(timezone.now())
    assert not Conversation.objects.exists()
    assert report_of(incident, now=NOW) == before
    assert (before.conversations_linked, before.cards_confirmed, before.answered_by_stack) == (
        3,
    ) * 3
    period = Period.ending(at.date() + DAY, tenants_zone(), 7)
    found = {table.name: table for table in report_on(period, default_page(), now=NOW)}
    assert row(found["cards"], band="90 % and more")["confirmed"] == 3


def test_mails_that_arrived_are_counted(acme: Tenant, mailoutbox: Any) -> None:
    make_subscriber()
    incident = make_incident()
    work_off()
    report = report_of(incident, now=timezone.now())
    assert (report.mails, report.failed) == (1, 0)


def test_it_costs_the_same_whatever_lies_behind(
    acme: Tenant, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        make_card(make_past(NOW - number * DAY), NOW - DAY)
    with django_assert_max_num_queries(18):
        tables(90)
