"""Whoever is one of a hundred thousand is found by an index, and progress is of what is shown."""

from collections.abc import Callable
from functools import partial

from django.test import Client

from atender.tenants.models import Tenant
from incidents.models import Incident
from subscribers.models import Channel
from subscribers.people.enrolment import subscribe
from subscribers.people.vouching import enrol
from subscribers.reach import progress_of
from tests.factories import STAFF, default_page, make_incident
from tests.plans import asked_by, rows_counted
from tests.subscribers.making import make_subscriber, say, work_off

MARIA = "Maria@example.com"
# The unique index holds addresses in small letters; in capitals a whole page's would be read.
NOT_INDEXED = "UPPER("


def test_one_address_among_many(acme: Tenant) -> None:
    page, incident = default_page(), make_incident()
    deeds: list[Callable[[], object]] = [
        partial(subscribe, page, address=MARIA),
        partial(subscribe, page, address="+491701234567", channel=Channel.SMS),
        partial(enrol, page, address=MARIA, incident=incident, is_proved=False, by=STAFF),
        partial(enrol, page, address=MARIA, incident=incident, is_proved=True, by=STAFF),
    ]
    for deed in deeds:
        asked = [sql for sql in asked_by(deed, '."address"') if " WHERE " in sql]
        by_address = [sql for sql in asked if '."address"' in sql.partition(" WHERE ")[2]]
        assert by_address
        assert [sql for sql in by_address if NOT_INDEXED in sql] == []


def test_the_list_by_address(api: Client, acme: Tenant) -> None:
    make_subscriber(MARIA)
    make_subscriber("jonas@example.com")

    def listed() -> None:
        answer = api.get("/api/v1/subscribers?email=maria@EXAMPLE.com")
        assert [one["email"] for one in answer.json()["data"]] == [MARIA]

    (sql,) = asked_by(listed, "EXAMPLE.com")
    assert NOT_INDEXED not in sql


def test_progress_counts_only_what_it_shows(acme: Tenant) -> None:
    make_subscriber(MARIA)
    incident: Incident = make_incident()
    for number in range(8):
        say(incident, f"More of it, {number}.")
    work_off()
    (sql,) = asked_by(partial(progress_of, incident, most=2), "subscribers_delivery")
    assert rows_counted(sql) == 2
    shown = progress_of(incident, most=2)
    assert [one.total for one in shown] == [1, 1]
    assert shown[0].notice_id > shown[1].notice_id
