"""Two people with the same form of being on call: the second reads what the first made of it."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from alerts.models import EscalationPolicy, NotificationGroup, Schedule
from alerts.people.arranging import Step, save_group, save_policy, save_schedule
from tests.alerts.calling import person
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF

MONDAY: Any = {"starts_on": date(2026, 3, 2), "handover_at": time(9)}


@pytest.mark.usefixtures("acme")
def test_whom_a_colleague_added_to_a_group_goes_on_being_called(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    group = save_group(None, by=STAFF, name="Shop", people=[dana])
    where = f"/on-call/groups/{group.pk}/"
    fields: dict[str, Any] = {"name": "Shop team", "people": [dana.pk]}
    fields["seen"] = seen_in(console.get(where).text)
    save_group(group, by=STAFF, people=[dana, eli])
    assert console.post(where, fields).status_code == 422
    assert group.people.count() == 2
    is_told_first(console, where, fields, "It is called “Shop” and calls Dana, Eli.")
    assert NotificationGroup.objects.get().name == "Shop team"
    assert group.people.get() == dana


@pytest.mark.usefixtures("acme")
def test_turns_that_a_colleague_changed_are_read_first(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    schedule = save_schedule(None, by=STAFF, name="Nights", people=[dana, eli], **MONDAY)
    where = f"/on-call/schedules/{schedule.pk}/change/"
    fields: dict[str, Any] = {
        "name": "Nights",
        "time_zone": "UTC",
        "starts_on": "2026-03-02",
        "handover_at": "10:00",
        "people": [dana.pk, eli.pk],
        "seen": seen_in(console.get(where).text),
    }
    save_schedule(schedule, by=STAFF, people=[eli, dana])
    is_told_first(console, where, fields, "its turns are Eli, Dana, and the first handover is on")
    assert Schedule.objects.get().handover_at == time(10)


@pytest.mark.usefixtures("acme")
def test_steps_that_a_colleague_added_to_a_policy_are_read_first(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    policy = save_policy(None, by=STAFF, name="Shop", steps=[Step(people=[dana])])
    where = f"/on-call/policies/{policy.pk}/"
    fields: dict[str, Any] = {
        "name": "Shop",
        "repeats": "2",
        "steps": "1",
        "s0-people": [dana.pk],
        "s0-wait_min": "5",
        "seen": seen_in(console.get(where).text),
    }
    save_policy(policy, by=STAFF, steps=[Step(people=[dana]), Step(people=[eli])])
    told = "calls Dana (5 min), then Eli (5 min), once, at the end nobody, for what names it."
    is_told_first(console, where, fields, told)
    assert EscalationPolicy.objects.get().repeats == 2


@pytest.mark.usefixtures("acme")
def test_a_second_click_complains_of_nothing(console: Client) -> None:
    dana = person("Dana")
    group = save_group(None, by=STAFF, name="Shop")
    where = f"/on-call/groups/{group.pk}/"
    fields: dict[str, Any] = {"name": "Shop team", "people": [dana.pk]}
    fields["seen"] = seen_in(console.get(where).text)
    assert [console.post(where, fields).status_code for _ in range(2)] == [302, 302]
