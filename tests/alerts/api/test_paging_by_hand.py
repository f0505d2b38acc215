"""POST /alerts pages whom it names, as a person does in the console."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alerts.models import Alert, NotificationGroup
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.models import Service
from tests.alerts.calling import called, in_seconds, person
from tests.conftest import api_client
from tests.factories import STAFF, make_key

ALERTS = "/api/v1/alerts"
Post = Callable[..., Any]


@pytest.fixture
def team(acme: Tenant) -> NotificationGroup:
    return save_group(None, by=STAFF, name="Shop team", people=[person("Dana")])


def test_whom_it_names_is_called_and_not_whom_the_routing_names(
    team: NotificationGroup, post: Post
) -> None:
    service = Service.objects.get()
    change_routing(service, by=STAFF, notification_group=team)
    steps = [Step(60, [person("Eli")]), Step(60, [person("Fay")])]
    policy = save_policy(None, by=STAFF, name="Nights", steps=steps)
    whom = {"escalation_policy_id": policy.pk, "notification_group_id": None}
    answer = post(ALERTS, summary="The till prints nothing", service_id=service.pk, **whom)
    assert (answer.status_code, answer.json()["source"]) == (201, "person")
    assert answer.json()["timeline"][0]["by"] == "tests"
    in_seconds(61, in_seconds(0))
    assert called() == ["Eli", "Fay"]


@pytest.mark.parametrize(
    ("field", "headers"), [({"dedup_key": "till-4"}, {}), ({}, {"idempotency-key": "till-4"})]
)
def test_the_same_again_calls_nobody_again(
    team: NotificationGroup, api: Client, field: dict[str, str], headers: dict[str, str]
) -> None:
    body = {"summary": "The till", "notification_group_id": team.pk, **field}
    first, second = (api.post(ALERTS, body, "application/json", headers=headers) for _ in range(2))
    assert first.json() == second.json()
    in_seconds(0)
    assert called() == ["Dana"]


def test_nobody_named_is_an_alert_as_ever(team: NotificationGroup, post: Post) -> None:
    body = {"notification_group_id": None, "escalation_policy_id": None}
    answer = post(ALERTS, summary="Disk is full", **body)
    assert (answer.status_code, answer.json()["source"]) == (201, "api")


@pytest.mark.parametrize("field", ["notification_group_id", "escalation_policy_id"])
def test_who_is_unknown_or_a_strangers_is_refused(
    team: NotificationGroup, globex: Tenant, post: Post, field: str
) -> None:
    with in_tenant("globex"):
        theirs = save_group(None, by=STAFF, name="Theirs").pk
    for pk, status in ((new_ulid(), 422), (theirs, 422), ("x", 422)):
        answer = post(ALERTS, summary="The till", **{field: pk})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert not Alert.objects.exists()


def test_a_key_without_the_scope_pages_nobody(team: NotificationGroup) -> None:
    reader: Client = api_client(make_key("read", "monitors"))
    body = {"summary": "The till", "notification_group_id": team.pk}
    answer = reader.post(ALERTS, body, "application/json")
    assert (answer.status_code, Alert.objects.count()) == (403, 0)
