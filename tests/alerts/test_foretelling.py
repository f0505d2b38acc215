"""What would happen if it were called now, and where that would be nothing."""

from datetime import time

import pytest
from django.utils import timezone

from alerts.models import ContactMethod
from alerts.people.arranging import Step, save_group, save_policy, save_schedule
from alerts.people.foretelling import Foresight, foretell
from alerts.people.starting import AlreadyStarted, start_on_call
from alerts.people.uses import uses_of
from alerts.routing import change_routing
from atender.staff.models import User
from atender.tenants.models import Tenant
from tests.alerts.calling import called, in_seconds, person
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF


def foreseen(*steps: Step, repeats: int = 0, last: object = None) -> Foresight:
    return foretell(steps, repeats=repeats, last_resort=last, at=timezone.now())  # type: ignore[arg-type]


def test_it_reads_as_it_would_go(acme: Tenant) -> None:
    dana, eli = person("Dana", after_s=(0, 120)), person("Eli")
    group = save_group(None, by=STAFF, name="All", people=[dana, eli])
    said = foreseen(Step(300, [dana]), Step(600, [eli]), repeats=1, last=group)
    danas, elis = "at once by e-mail, after 2 min by e-mail", "at once by e-mail"
    assert [(line.when, [(p.name, ways) for p, ways in line.callees]) for line in said.lines] == [
        ("At once", [("Dana", danas)]),
        ("After 5 min", [("Eli", elis)]),
        ("All of it once more, until 30 min", []),
        ("Last resort after 30 min", [("Dana", danas), ("Eli", elis)]),
    ]
    assert said.warnings == []
    assert not any(line.warnings for line in said.lines)


def test_steps_that_call_nobody_are_warned_of(acme: Tenant) -> None:
    dana, eli = person("Dana"), person("Eli")
    ContactMethod.objects.filter(person=eli).update(verified_at=None)
    empty = save_schedule(
        None,
        by=STAFF,
        name="Nights",
        starts_on=timezone.localdate(),
        handover_at=time(9),
        people=[],
    )
    nobodys = save_group(None, by=STAFF, name="Nobody's")
    said = foreseen(Step(300, [eli], [empty], [nobodys]), Step(60, [dana]))
    (warning,) = said.lines[0].warnings
    for words in ("Step 1 calls nobody", "Nights", "Nobody's", "Eli has no verified way"):
        assert words in warning
    # What reaches nobody is not waited for.
    assert said.lines[1].when == "Then at once"
    assert "no last resort" in said.warnings[0]
    assert foreseen(Step(300, [eli])).is_silent


def test_a_first_call_that_comes_after_the_next_step(acme: Tenant) -> None:
    (line, _) = foreseen(Step(300, [person("Dana", after_s=(600,))]), Step(60)).lines
    assert line.warnings == ["Dana is first called after the next step has begun."]


def test_the_fallback_calls_for_what_names_nobody(acme: Tenant, mailoutbox: list[object]) -> None:
    dana, eli = person("Dana"), person("Eli")
    usual = save_policy(None, by=STAFF, name="All", steps=[Step(60, [dana])], is_fallback=True)
    own = save_policy(None, by=STAFF, name="Own", steps=[Step(60, [eli])])
    make_alert("Queue is full")
    at = in_seconds(0)
    assert called() == ["Dana"]
    change_routing(probe(), by=STAFF, escalation_policy=own)
    make_alert(monitor=probe())
    in_seconds(70, at)
    assert called() == ["Dana", "Eli"]
    own = save_policy(own, by=STAFF, is_fallback=True)
    usual.refresh_from_db()
    assert not usual.is_fallback
    assert uses_of(own) == [
        "One monitor or service names it, and calls nobody there any more.",
        "Whatever names nobody itself calls nobody then.",
    ]


def test_one_click_sets_it_up_once(alice: User, mailoutbox: list[object]) -> None:
    start_on_call(alice, by=STAFF)
    with pytest.raises(AlreadyStarted):
        start_on_call(alice, by=STAFF)
    make_alert("Queue is full")
    at = in_seconds(0)
    for _ in range(3):
        at = in_seconds(300, at)
    # Three times by the steps, once more as the last resort.
    assert called() == ["Alice"] * 4
