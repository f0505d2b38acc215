"""Five days after a loud incident somebody is reminded of its post-mortem, once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from atender.due.models import Due
from atender.due.work import run
from atender.outbound.models import Letter
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.afterwards.due import DUE_AFTER, REMINDER, due_now
from incidents.afterwards.post_mortems import start_post_mortem
from incidents.lifecycle import acknowledge, delete_incident, open_incident, post_update
from incidents.models import Incident, Kind
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident


def resolve(incident: Incident, **kwargs: object) -> Incident:
    said = {"by": STAFF, "saying": Saying(status="resolved"), **kwargs}
    post_update(incident, **said)  # type: ignore[arg-type]
    incident.refresh_from_db()
    return incident


def promised(incident: Incident) -> Due | None:
    return Due.objects.filter(kind=REMINDER, key=incident.pk).first()


def letters_after(incident: Incident) -> list[Letter]:
    """What is written when the promise falls due."""
    due = promised(incident)
    assert due is not None
    with time_machine.travel(due.due_at, tick=True):
        run(due.pk, due.ticket)
    assert promised(incident) is None
    return list(Letter.objects.order_by("id"))


def test_who_had_it_and_who_resolved_it_are_written_to(alice: User, bob: User) -> None:
    incident = make_incident("Checkout fails for card payments")
    acknowledge(incident, by=bob.actor)
    resolve(incident, by=alice.actor)
    due = promised(incident)
    assert due is not None
    assert incident.resolved_at is not None
    assert due.due_at == incident.resolved_at + DUE_AFTER
    letters = letters_after(incident)
    assert {letter.to for letter in letters} == {alice.email, bob.email}
    assert letters[0].subject == "Post-mortem due: Checkout fails for card payments"
    path = f"https://acme.localhost/admin/incidents/incident/{incident.pk}/postmortem/"
    assert path in letters[0].text


def test_one_who_did_both_gets_one(alice: User) -> None:
    incident = make_incident()
    acknowledge(incident, by=alice.actor)
    resolve(incident, by=alice.actor)
    assert len(letters_after(incident)) == 1


def test_one_who_left_gets_none(alice: User) -> None:
    incident = make_incident()
    acknowledge(incident, by=alice.actor)
    resolve(incident)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert letters_after(incident) == []


@pytest.mark.parametrize("why", ["minor", "started", "deleted", "open again"])
def test_what_is_not_owed_reminds_nobody(alice: User, why: str) -> None:
    incident = make_incident(severity="minor" if why == "minor" else "critical")
    acknowledge(incident, by=alice.actor)
    resolve(incident)
    if why == "started":
        start_post_mortem(incident, by=STAFF)
    elif why == "deleted":
        delete_incident(incident, by=STAFF)
    elif why == "open again":
        post_update(incident, by=STAFF, saying=Saying(status="investigating"))
    assert letters_after(incident) == []


def test_resolved_again_counts_from_then(alice: User) -> None:
    incident = resolve(make_incident())
    later = timezone.now() + timedelta(days=2)
    with time_machine.travel(later, tick=True):
        post_update(incident, by=STAFF, saying=Saying(status="investigating"))
        resolve(incident)
    due = promised(incident)
    assert due is not None
    assert due.due_at > later + DUE_AFTER


def test_what_was_long_ago_and_planned_work_promise_nothing(acme: Tenant) -> None:
    past = datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())
    old = make_incident(started_at=past, at=past)
    assert promised(resolve(old, at=past + timedelta(hours=1))) is None
    work = open_incident("New machines", by=STAFF, kind=Kind.MAINTENANCE)
    post_update(work, by=STAFF, saying=Saying(status="completed"))
    assert promised(work) is None


def test_after_a_month_nobody_is_nagged_any_more(acme: Tenant) -> None:
    incident = resolve(make_incident())
    assert incident.resolved_at is not None
    for days, is_due in ((4, False), (6, True), (29, True), (31, False)):
        now = incident.resolved_at + timedelta(days=days)
        assert due_now(now).exists() is is_due
