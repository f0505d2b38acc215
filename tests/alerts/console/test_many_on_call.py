"""Screens of being on call cost as many queries for many schedules as for one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alerts.people.arranging import Step, add_override, save_group, save_policy, save_schedule
from atender.staff.models import User
from tests.costs import queries_of
from tests.factories import STAFF

# Of each group and step the people are asked for, and how they are called.
PER_GROUP, PER_STEP = 2, 2


def grow(alice: User, *names: str) -> None:
    now = timezone.now()
    for name in names:
        schedule = save_schedule(
            None,
            by=STAFF,
            name=name,
            starts_on=now.date(),
            handover_at=now.time(),
            people=[alice],
        )
        add_override(schedule, alice, starts_at=now, ends_at=now + timedelta(hours=1), by=STAFF)
        save_group(None, by=STAFF, name=name, people=[alice], schedules=[schedule])


@pytest.mark.parametrize("path", ["/on-call/", "/on-call/schedules/", "/admin/"])
def test_more_schedules_cost_no_more(console: Client, alice: User, path: str) -> None:
    grow(alice, "One")
    before = queries_of(console, path)
    grow(alice, "Two", "Three", "Four")
    assert queries_of(console, path) == before


def test_a_group_costs_what_its_people_cost(console: Client, alice: User) -> None:
    grow(alice, "One")
    before = queries_of(console, "/on-call/groups/")
    grow(alice, "Two", "Three", "Four")
    assert queries_of(console, "/on-call/groups/") == before + 3 * PER_GROUP


def test_a_step_costs_what_its_people_cost(console: Client, alice: User) -> None:
    grow(alice, "One")
    step = Step(people=[alice])
    policy = save_policy(None, by=STAFF, name="Shop", steps=[step])
    before = queries_of(console, "/on-call/groups/")
    save_policy(policy, by=STAFF, steps=[step] * 4)
    assert queries_of(console, "/on-call/groups/") == before + 3 * PER_STEP
