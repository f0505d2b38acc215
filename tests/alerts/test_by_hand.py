"""A person pages somebody from the console, without an incident and without a monitor."""

import re
from typing import Any

import pytest
from django.test import Client

from alerts.by_hand.raising import raise_by_hand
from alerts.models import Alert, NotificationGroup
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from alerts.triggering import Trouble
from atender.ids import new_ulid
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.models import Service
from tests.alerts.calling import called, in_seconds, person
from tests.alerts.making import kinds_of
from tests.factories import STAFF
from tests.incidents.test_races import at_once

ADD = "/admin/alerts/alert/add/"
FIELDS = {"severity": "error", "whom": "", "service": "", "text": ""}


@pytest.fixture
def team(acme: Tenant) -> NotificationGroup:
    return save_group(None, by=STAFF, name="Shop team", people=[person("Dana")])


def shop() -> Service:
    return Service.objects.get()


def send(console: Client, **given: str) -> Any:
    return console.post(ADD, {**FIELDS, "submission_id": new_ulid(), **given}, follow=True)


def test_a_group_is_called_from_the_screen_that_shows_it(
    team: NotificationGroup, console: Client
) -> None:
    assert "Page someone" in console.get("/admin/alerts/alert/").content.decode()
    shown = console.get(ADD).content.decode()
    assert f'value="group:{team.pk}"' in shown
    (submission_id,) = re.findall(r'name="submission_id" value="(\w+)"', shown)
    given = {
        "summary": "The till prints nothing",
        "severity": "warning",
        "whom": f"group:{team.pk}",
        "service": shop().pk,
        "text": "Since the update of <noon>.",
        "submission_id": submission_id,
    }
    first = send(console, **given).content.decode()
    assert "Shop team is being called: once, all at the same time." in first
    assert "until somebody has it" not in first
    assert "Since the update of &lt;noon&gt;." in first
    again = send(console, **given).content.decode()
    assert "It was raised once, by the first click" in again
    alert = Alert.objects.get()
    assert (alert.source, alert.severity, alert.service) == ("person", "warning", shop())
    assert kinds_of(alert) == ["triggered", "note"]
    in_seconds(0)
    assert called() == ["Dana"]


def test_it_goes_on_step_by_step_until_somebody_has_it(team: NotificationGroup) -> None:
    steps = [Step(60, [person("Eli")]), Step(60, [person("Fay")])]
    policy = save_policy(None, by=STAFF, name="Nights", steps=steps)
    raise_by_hand(Trouble("The till prints nothing"), by=STAFF, policy=policy)
    at = in_seconds(0)
    in_seconds(61, at)
    assert called() == ["Eli", "Fay"]


def test_what_is_said_of_a_policy_and_of_both_is_true_of_them(
    team: NotificationGroup, console: Client
) -> None:
    policy = save_policy(None, by=STAFF, name="Nights", steps=[Step(60, [person("Eli")])])
    said = send(console, summary="The till", whom=f"policy:{policy.pk}").content.decode()
    goes_on = "Nights calls one after the other, until somebody has it or nobody is left."
    assert goes_on in said
    assert "once, all at the same time" not in said
    change_routing(shop(), by=STAFF, notification_group=team, escalation_policy=policy)
    said = send(console, summary="The doors", service=shop().pk).content.decode()
    assert f"Shop team is being called: once, all at the same time. {goes_on}" in said


@pytest.mark.parametrize("place", ["/admin/", "/on-call/"])
def test_it_is_offered_where_one_looks_while_the_telephone_rings(
    console: Client, bobs_console: Client, place: str
) -> None:
    link = f'href="{ADD}">Page someone'
    assert link not in console.get(place).content.decode(), "nobody can be called yet"
    save_group(None, by=STAFF, name="Shop team")
    assert link in console.get(place).content.decode()
    assert link not in bobs_console.get(place).content.decode()


def test_one_after_the_other_calls_for_each(team: NotificationGroup) -> None:
    at = None
    for summary in ("The till prints nothing", "The doors stay shut"):
        raise_by_hand(Trouble(summary), by=STAFF, group=team, at=at)
        at = in_seconds(10, at)
    assert called() == ["Dana", "Dana"]


def test_a_service_calls_whom_its_routing_names(team: NotificationGroup, console: Client) -> None:
    change_routing(shop(), by=STAFF, notification_group=team)
    send(console, summary="The till prints nothing", service=shop().pk)
    in_seconds(0)
    assert called() == ["Dana"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"summary": " "}, "Say what is wrong"),
        ({"whom": ""}, "Say whom to call."),
        ({"whom": "", "service": "shop"}, "calls nobody; say whom to call."),
        ({"whom": f"group:{new_ulid()}"}, "It is gone; choose somebody else."),
        ({"service": "01JD0000000000000000000009"}, "This service is gone"),
        ({"service": "xyz"}, "is not an id"),
        ({"severity": "loud"}, "loud"),
        ({"summary": "x" * 256}, "255"),
        ({"text": "x" * 5_001}, "at most 5,000 characters"),
    ],
)
def test_what_is_refused_is_said_and_calls_nobody(
    team: NotificationGroup, console: Client, given: dict[str, str], words: str
) -> None:
    if given.get("service") == "shop":
        given = {**given, "service": shop().pk}
    full = {"summary": "The till prints nothing", "whom": f"group:{team.pk}", **given}
    answer = send(console, **full)
    assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert not Alert.objects.exists()


def test_whoever_may_not_is_told_so(
    team: NotificationGroup, bobs_console: Client, globex: Tenant
) -> None:
    assert bobs_console.get(ADD).status_code == 403
    assert send(bobs_console, summary="Hello", whom=f"group:{team.pk}").status_code == 403
    assert "Page someone" not in bobs_console.get("/admin/alerts/alert/").content.decode()
    assert not Alert.objects.exists()


@pytest.mark.usefixtures("fresh_database")
def test_two_clicks_at_once_raise_one() -> None:
    submission_id = new_ulid()
    with in_tenant("acme"):
        team = save_group(None, by=STAFF, name="Shop team")

    def click() -> bool:
        trouble = Trouble("It burns", dedup_key=submission_id, occurrence=submission_id)
        _, is_new = raise_by_hand(trouble, by=STAFF, group=team)
        return is_new

    assert sorted(at_once(click, click)) == [False, True]
    with in_tenant("acme"):
        assert Alert.objects.count() == 1


def test_nobody_named_is_refused_by_the_verb_itself(acme: Tenant) -> None:
    with pytest.raises(Refused, match="Say whom to call"):
        raise_by_hand(Trouble("It burns"), by=STAFF)
    assert not Alert.objects.exists()
