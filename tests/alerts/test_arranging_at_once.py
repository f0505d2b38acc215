"""Two people arrange being on call at the same moment, on real commits."""

import pytest

from alerts.models import EscalationPolicy, NotificationGroup, Routing
from alerts.people.arranging import Step, delete, save_group, save_policy
from alerts.routing import change_routing, follow_service
from atender.locking import Gone
from atender.refusals import Conflict, Refused
from atender.staff.models import User
from atender.tenants.context import in_tenant
from monitors.catalogue import delete_monitor
from tests.alerts.making import probe
from tests.factories import STAFF
from tests.incidents.test_races import at_once


def new_policy(name: str, *, is_fallback: bool = False) -> EscalationPolicy:
    steps = [Step(people=[User.objects.get_or_create(email="dana@acme.example")[0]])]
    return save_policy(None, by=STAFF, name=name, steps=steps, is_fallback=is_fallback)


@pytest.mark.usefixtures("fresh_database")
def test_of_two_that_are_to_be_the_fallback_the_later_one_is() -> None:
    with in_tenant("acme"):
        before = new_policy("Before", is_fallback=True)
        rows = [new_policy(name) for name in ("Shop", "Blog", "Till")]
    choosing = [lambda row=row: save_policy(row, by=STAFF, is_fallback=True) for row in rows]
    # Somebody renames the one that was the fallback when they opened its form.
    outcomes = at_once(*choosing, lambda: save_policy(before, by=STAFF, name="Renamed"))
    assert all(isinstance(outcome, EscalationPolicy) for outcome in outcomes), outcomes
    with in_tenant("acme"):
        assert EscalationPolicy.objects.get(is_fallback=True) in rows
        assert not EscalationPolicy.objects.get(name="Renamed").is_fallback


@pytest.mark.usefixtures("fresh_database")
def test_of_two_that_take_a_name_one_is_told_that_it_is_taken() -> None:
    outcomes = at_once(*[lambda: save_group(None, by=STAFF, name="Shop")] * 3)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 2
    assert "already" in refused[0].sentence
    with in_tenant("acme"):
        assert NotificationGroup.objects.count() == 1


@pytest.mark.usefixtures("acme")
def test_what_was_deleted_meanwhile_is_said() -> None:
    policy = new_policy("Shop")
    delete(EscalationPolicy.objects.get(), by=STAFF)
    with pytest.raises(Conflict, match="deleted meanwhile"):
        save_policy(policy, by=STAFF, name="Other")


@pytest.mark.usefixtures("acme")
def test_a_policy_that_calls_what_was_deleted_meanwhile_is_not_saved() -> None:
    group = save_group(None, by=STAFF, name="Shop")
    policy = new_policy("Shop")
    stale = NotificationGroup.objects.get(pk=group.pk)
    delete(group, by=STAFF)
    with pytest.raises(Gone, match="notification group was deleted meanwhile"):
        save_policy(policy, by=STAFF, steps=[Step(groups=[stale])])
    with pytest.raises(Gone, match="notification group was deleted meanwhile"):
        save_policy(policy, by=STAFF, last_resort=stale)
    assert policy.steps.get().people.exists()


@pytest.mark.usefixtures("acme")
def test_a_routing_to_or_of_what_was_deleted_meanwhile_is_not_saved() -> None:
    group, monitor = save_group(None, by=STAFF, name="Shop"), probe()
    stale = NotificationGroup.objects.get(pk=group.pk)
    delete(group, by=STAFF)
    with pytest.raises(Gone, match="notification group was deleted meanwhile"):
        change_routing(monitor, by=STAFF, notification_group=stale)
    delete_monitor(probe(), by=STAFF)
    with pytest.raises(Gone, match="monitor was deleted meanwhile"):
        change_routing(monitor, by=STAFF, auto_incident="draft")
    with pytest.raises(Gone, match="monitor was deleted meanwhile"):
        follow_service(monitor, by=STAFF)
    assert not Routing.objects.exists()


@pytest.mark.usefixtures("fresh_database")
def test_a_routing_is_changed_as_it_is_dropped() -> None:
    with in_tenant("acme"):
        monitor = probe()
    for _ in range(5):
        outcomes = at_once(
            *[lambda: change_routing(monitor, by=STAFF, auto_incident="draft")] * 3,
            *[lambda: follow_service(monitor, by=STAFF)] * 3,
        )
        assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
