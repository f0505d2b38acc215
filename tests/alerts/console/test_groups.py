"""Groups and policies, and the one click with which a newcomer begins."""

from typing import Any

import pytest
from django.test import Client

from alerts.models import EscalationPolicy, NotificationGroup
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.alerts.calling import person
from tests.alerts.making import probe
from tests.factories import STAFF

GROUPS, POLICIES = "/on-call/groups/", "/on-call/policies/"


def steps(*people: User, **more: Any) -> dict[str, Any]:
    sent = {f"s{n}-people": [p.pk] for n, p in enumerate(people)}
    waits = {f"s{n}-wait_min": "5" for n in range(len(people))}
    kept = {"name": "Shop", "repeats": "0", "steps": str(len(people))}
    return {**kept, **sent, **waits, **more}


@pytest.mark.parametrize("number", ["", "x", "²", "-1", "9" * 5000])
def test_a_number_of_steps_that_is_none_is_one(console: Client, alice: User, number: str) -> None:
    response = console.post(f"{POLICIES}add/", {**steps(alice), "name": "", "steps": number})
    assert response.status_code == 422
    assert 'name="s0-wait_min"' in response.content.decode()


def test_a_newcomer_begins_with_one_click(console: Client, bobs_console: Client) -> None:
    assert "Everything calls me" in console.get(GROUPS).content.decode()
    assert "Everything calls me" not in bobs_console.get(GROUPS).content.decode()
    assert bobs_console.post("/on-call/start/").status_code == 403
    shown = console.post("/on-call/start/", follow=True).content.decode()
    assert "Everything calls you now" in shown
    assert EscalationPolicy.objects.get().is_fallback
    again = console.post("/on-call/start/", follow=True).content.decode()
    assert "policy already" in again
    assert "for everything that names nobody" in console.get(GROUPS).content.decode()


def test_a_group_is_made_changed_and_deleted(console: Client) -> None:
    dana = person("Dana")
    console.post(f"{GROUPS}add/", {"name": "Shop", "people": [dana.pk]})
    group = NotificationGroup.objects.get()
    assert "Dana at once by e-mail" in console.get(GROUPS).content.decode()
    twice = console.post(f"{GROUPS}add/", {"name": "Shop"})
    assert (twice.status_code, b"already" in twice.content) == (422, True)
    console.post(f"{GROUPS}{group.pk}/", {"name": "Store"})
    group.refresh_from_db()
    assert (group.name, group.people.count()) == ("Store", 0)
    assert "Calls nobody now" in console.get(GROUPS).content.decode()
    change_routing(probe(), by=STAFF, notification_group=group)
    asked = console.get(f"{GROUPS}{group.pk}/delete/").content.decode()
    assert "One monitor or service names it" in asked
    console.post(f"{GROUPS}{group.pk}/delete/")
    assert not NotificationGroup.objects.exists()


def test_a_policy_is_built_step_by_step(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    more = console.post(f"{POLICIES}add/", {**steps(dana), "do": "more"}).content.decode()
    assert 'name="s1-people"' in more
    assert not EscalationPolicy.objects.exists()
    console.post(f"{POLICIES}add/", {**steps(dana, eli), "s1-wait_min": "1.5", "is_fallback": "on"})
    policy = EscalationPolicy.objects.get()
    assert [s.wait_s for s in policy.steps.all()] == [300, 90]
    shown = console.get(f"{POLICIES}{policy.pk}/").content.decode()
    assert 'value="1.5"' in shown
    assert "Eli at once by e-mail" in shown
    up = console.post(f"{POLICIES}{policy.pk}/", {**steps(dana, eli), "do": "up:1"})
    assert [s["people"].value() for s in up.context["desk"].steps] == [[eli.pk], [dana.pk]]
    less = console.post(f"{POLICIES}{policy.pk}/", {**steps(dana, eli), "do": "less:0"})
    assert [s["people"].value() for s in less.context["desk"].steps] == [[eli.pk]]
    console.post(f"{POLICIES}{policy.pk}/", steps(eli))
    assert [p.name for s in policy.steps.all() for p in s.people.all()] == ["Eli"]
    policy.refresh_from_db()
    assert not policy.is_fallback
    console.post(f"{POLICIES}{policy.pk}/delete/")
    assert not EscalationPolicy.objects.exists()


def test_looking_ahead_saves_nothing(console: Client) -> None:
    sent = steps(person("Dana"))
    seen = console.post(f"{POLICIES}add/", sent, headers={"HX-Request": "true"}).content.decode()
    assert "Dana at once by e-mail" in seen
    assert "no last resort" in seen
    assert "<html" not in seen
    assert not EscalationPolicy.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"s0-wait_min": "soon"}, "Minutes are a number"),
        ({"s0-people": []}, "Step 1 calls nobody"),
        ({"repeats": "99"}, "none of the choices"),
        ({"steps": "many"}, ""),
    ],
)
def test_bad_answers_are_said(console: Client, wrong: dict[str, Any], said: str) -> None:
    answer = console.post(f"{POLICIES}add/", {**steps(person("Dana")), **wrong})
    assert said in answer.content.decode()
    assert EscalationPolicy.objects.exists() is (said == "")


def test_a_viewer_reads_and_changes_nothing(bobs_console: Client) -> None:
    group = save_group(None, by=STAFF, name="Shop")
    policy = save_policy(None, by=STAFF, name="Shop", steps=[Step(60, groups=[group])])
    assert "Step 1 calls nobody" in bobs_console.get(GROUPS).content.decode()
    for path in (
        f"{GROUPS}add/",
        f"{GROUPS}{group.pk}/",
        f"{GROUPS}{group.pk}/delete/",
        f"{POLICIES}add/",
        f"{POLICIES}{policy.pk}/",
        f"{POLICIES}{policy.pk}/delete/",
    ):
        assert bobs_console.get(path).status_code == 403, path
        assert bobs_console.post(path).status_code == 403, path


def test_strangers_people_and_groups_are_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        charlie = User.objects.get(name="Charlie")
        group = save_group(None, by=STAFF, name="Theirs")
    assert console.get(f"{GROUPS}{group.pk}/").status_code == 404
    assert console.post(f"{GROUPS}{group.pk}/delete/").status_code == 404
    refused = console.post(f"{GROUPS}add/", {"name": "Ours", "people": [charlie.pk]})
    assert refused.status_code == 422
    assert not NotificationGroup.objects.exists()
