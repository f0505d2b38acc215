import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from alerts.models import EscalationPolicy, NotificationGroup
from alerts.people.arranging import add_override, save_schedule
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.models import Service
from tests.alerts.making import probe
from tests.costs import queries_of
from tests.factories import STAFF
from tests.incidents.planned import clock_strikes

V1 = "/api/v1"
Post = Callable[..., Any]


def patch(api: Client, path: str, **body: Any) -> Any:
    return api.patch(path, body, content_type="application/json")


def test_a_way_to_be_called(post: Post, api: Client, alice: User) -> None:
    made = post(
        f"{V1}/contact-methods", person=alice.email, kind="email", address="a@pager.example"
    )
    assert made.status_code == 201, made.content
    assert (made.json()["person_id"], made.json()["after_s"]) == (alice.pk, [0])
    path = f"{V1}/contact-methods/{made.json()['id']}"
    assert patch(api, path, after_s=[0, 120]).json()["after_s"] == [0, 120]
    assert made.json()["hears_recovery"] is True
    assert patch(api, path, hears_recovery=False).json()["hears_recovery"] is False
    assert patch(api, path, hears_recovery="maybe").status_code == 400
    assert len(api.get(f"{V1}/contact-methods").json()["data"]) == 1
    again = post(f"{V1}/contact-methods", person=alice.pk, kind="email", address="a@pager.example")
    assert again.status_code == 409
    sms = post(f"{V1}/contact-methods", person=alice.pk, kind="sms", address="+442079460018")
    assert (sms.status_code, "gateway" in sms.json()["detail"]) == (422, True)
    stranger = post(
        f"{V1}/contact-methods", person="charlie@globex.example", kind="email", address="c"
    )
    assert (stranger.status_code, "sign in" in stranger.json()["detail"]) == (422, True)
    nobody = post(f"{V1}/contact-methods", person=alice.pk, kind="email", address="nobody")
    assert [error["field"] for error in nobody.json()["errors"]] == ["address"]
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


def test_a_schedule_says_whose_duty_it_is(post: Post, api: Client, alice: User, bob: User) -> None:
    made = post(
        f"{V1}/schedules",
        name="Shop",
        time_zone="Europe/Berlin",
        starts_on="2026-03-02",
        handover_at="09:00",
        people=[alice.pk, bob.email],
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["people"], body["handover_at"]) == ([alice.pk, bob.pk], "09:00")
    assert body["on_duty"] in body["people"]
    path, now = f"{V1}/schedules/{body['id']}", timezone.now()
    other = next(i for i in body["people"] if i != body["on_duty"])
    times = {
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
    }
    override = post(f"{path}/overrides", person=other, **times)
    assert override.status_code == 201
    assert api.get(path).json()["on_duty"] == other
    assert api.delete(f"{path}/overrides/{override.json()['id']}").status_code == 204
    assert api.get(path).json()["on_duty"] == body["on_duty"]
    turned = {"starts_at": times["ends_at"], "ends_at": times["starts_at"]}
    assert post(f"{path}/overrides", person=other, **turned).status_code == 422
    assert patch(api, path, time_zone="Mars/Olympus").status_code == 422
    assert patch(api, path, handover_at="9:5").status_code == 400
    assert patch(api, path, name="Nights").json()["name"] == "Nights"


def test_groups_and_policies(post: Post, api: Client, alice: User, bob: User) -> None:
    group = post(f"{V1}/notification-groups", name="Shop", people=[alice.pk]).json()
    assert (group["people"], group["schedule_ids"]) == ([alice.pk], [])
    steps = [
        {"people": [bob.pk], "wait_s": 120},
        {"people": [], "schedule_ids": [], "group_ids": [group["id"]], "wait_s": 300},
    ]
    made = post(
        f"{V1}/escalation-policies",
        name="Shop",
        repeats=2,
        last_resort_group_id=group["id"],
        steps=steps,
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert [(s["wait_s"], s["people"], s["group_ids"]) for s in body["steps"]] == [
        (120, [bob.pk], []),
        (300, [], [group["id"]]),
    ]
    path = f"{V1}/escalation-policies/{body['id']}"
    assert api.get(path).json() == body
    assert patch(api, path, last_resort_group_id=None).json()["last_resort_group_id"] is None
    assert post(f"{V1}/escalation-policies", name="Shop", steps=steps).status_code == 422
    assert post(f"{V1}/escalation-policies", name="B", steps=[]).status_code == 422
    empty = post(f"{V1}/escalation-policies", name="C", steps=[{"wait_s": 1}])
    assert (empty.status_code, "give it people" in empty.json()["detail"]) == (422, True)
    assert EscalationPolicy.objects.count() == 1


def test_monitors_and_services_name_whom_they_call(post: Post, api: Client, alice: User) -> None:
    group = post(f"{V1}/notification-groups", name="Shop", people=[alice.pk]).json()
    monitor = patch(api, f"{V1}/monitors/{probe().pk}", notification_group_id=group["id"])
    assert monitor.json()["notification_group_id"] == group["id"]
    assert monitor.json()["escalation_policy_id"] is None
    path = f"{V1}/services/{Service.objects.get().pk}/routing"
    assert api.get(path).json()["auto_incident"] == "off"
    changed = patch(api, path, auto_incident="draft", notification_group_id=group["id"]).json()
    assert (changed["auto_incident"], changed["notification_group_id"]) == ("draft", group["id"])
    assert api.delete(f"{V1}/notification-groups/{group['id']}").status_code == 204
    assert api.get(path).json()["notification_group_id"] is None


@pytest.mark.parametrize("field", ["notification_group_id", "escalation_policy_id"])
def test_a_neighbours_group_is_unknown(api: Client, globex: Tenant, field: str) -> None:
    with in_tenant("globex"):
        foreign = NotificationGroup.objects.create(name="Theirs")
    for path in (f"monitors/{probe().pk}", f"services/{Service.objects.get().pk}/routing"):
        assert patch(api, f"{V1}/{path}", **{field: foreign.pk}).status_code == 422


def test_a_way_is_verified_by_its_code(
    post: Post, api: Client, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    own = post(f"{V1}/contact-methods", person=alice.pk, kind="email", address=alice.email)
    assert own.json()["verified_at"] is not None
    made = post(f"{V1}/contact-methods", person=alice.pk, kind="email", address="a@pager.example")
    assert made.json()["verified_at"] is None
    path = f"{V1}/contact-methods/{made.json()['id']}"
    assert post(f"{path}/test").status_code == 409
    sent = post(f"{path}/code")
    assert (sent.status_code, sent.json()["state"]) == (202, "waiting")
    clock_strikes(timezone.now())
    wrong = post(f"{path}/verify", code="no code")
    assert (wrong.status_code, "4 more tries" in wrong.json()["detail"]) == (422, True)
    found = re.search(r"\d{6}", str(mailoutbox[-1].subject))
    assert found
    assert post(f"{path}/verify", code=found[0]).json()["verified_at"] is not None
    assert post(f"{path}/code").status_code == 409
    assert post(f"{path}/test").json()["message"] == "test"


def test_more_schedules_cost_no_more_queries(api: Client, alice: User, bob: User) -> None:
    def grow(*names: str) -> None:
        now = timezone.now()
        for name in names:
            schedule = save_schedule(
                None,
                by=STAFF,
                name=name,
                starts_on=now.date(),
                handover_at=now.time(),
                people=[alice, bob],
            )
            until = now + timedelta(hours=1)
            add_override(schedule, bob, starts_at=now, ends_at=until, by=STAFF)

    grow("One")
    before = queries_of(api, f"{V1}/schedules")
    grow("Two", "Three", "Four")
    assert queries_of(api, f"{V1}/schedules") == before
    assert {row["on_duty"] for row in api.get(f"{V1}/schedules").json()["data"]} == {bob.pk}
