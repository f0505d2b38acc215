"""A state and choices in one breath: the row under its lock decides, and all or nothing is done."""

from typing import Any

import pytest

from atender.actors import OPERATOR
from atender.locking import Gone
from atender.refusals import Conflict, Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from subscribers.models import Subscriber, SubscriberState, Suppression
from subscribers.people.amending import amend_subscriber
from subscribers.people.changing import NotActive
from subscribers.people.enrolment import remove_subscriber, unsubscribe
from subscribers.people.suppressing import suppress
from tests.factories import STAFF, partner_page
from tests.incidents.test_races import at_once
from tests.subscribers.making import make_subscriber

MARIA = "maria@example.com"


def deeds(subscriber: Subscriber) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=subscriber.pk, action__startswith="subscriber.")
    return list(rows.order_by("id").values_list("action", flat=True))


def test_what_became_suppressed_meanwhile_is_lifted(acme: Tenant) -> None:
    maria = make_subscriber(MARIA)
    suppress(MARIA, Suppression.BOUNCED, by=OPERATOR)
    assert maria.state == SubscriberState.ACTIVE, "as it was read"
    assert amend_subscriber(maria, by=STAFF, state="active", kinds="incidents").is_active
    assert deeds(maria)[-2:] == ["subscriber.suppression_lifted", "subscriber.changed"]


def test_choices_come_before_leaving(acme: Tenant) -> None:
    maria = make_subscriber(MARIA)
    left = amend_subscriber(maria, by=STAFF, state="unsubscribed", kinds="maintenance")
    assert (left.state, left.kinds) == ("unsubscribed", "maintenance")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"state": "unsubscribed", "kinds": "gossip"}, Refused),
        ({"state": "disabled", "kinds": "incidents"}, Conflict),
        ({"state": "active", "kinds": "incidents"}, Conflict),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    acme: Tenant, said: dict[str, Any], refusal: type[Refused]
) -> None:
    maria = make_subscriber(MARIA)
    before = deeds(maria)
    with pytest.raises(refusal):
        amend_subscriber(maria, by=STAFF, **said)
    maria.refresh_from_db()
    assert (maria.state, maria.kinds, deeds(maria)) == ("active", "both", before)


def test_who_left_meanwhile_is_not_changed(acme: Tenant) -> None:
    maria = make_subscriber(MARIA)
    unsubscribe(Subscriber.objects.get())
    with pytest.raises(NotActive):
        amend_subscriber(maria, by=STAFF, kinds="incidents")


def test_who_was_deleted_meanwhile_is_gone(acme: Tenant) -> None:
    maria = make_subscriber(MARIA)
    remove_subscriber(Subscriber.objects.get(), by=STAFF)
    with pytest.raises(Gone):
        amend_subscriber(maria, by=STAFF, state="active")


@pytest.mark.usefixtures("fresh_database")
def test_two_pages_that_lift_one_address_at_once_do_not_wait_for_each_other() -> None:
    with in_tenant("acme"):
        rows = [make_subscriber(MARIA), make_subscriber(MARIA, page=partner_page())]
        suppress(MARIA, Suppression.BOUNCED, by=OPERATOR)
    lifting = [lambda row=row: amend_subscriber(row, by=STAFF, state="active") for row in rows * 2]
    outcomes = at_once(*lifting)
    assert sum(isinstance(outcome, Subscriber) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3
    with in_tenant("acme"):
        assert Subscriber.objects.active().count() == 2
