"""A form that adds something adds it once, however often its button is clicked."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from atender.limits.models import Submission
from atender.limits.submissions import KEPT_FOR, is_first
from atender.tenants.context import in_tenant
from incidents.models import Component, ComponentGroup, SystemChange, Template
from monitors.models import Monitor, Service
from tests.conftest import signed_in
from tests.monitors.test_admin import MONITORS, form

CHANGES = "/admin/incidents/systemchange/"
NEW_COMPONENT = {"name": "Search", "position": 3, "reported": "operational"}
NEW_TEMPLATE = {"kind": "update", "name": "Soon", "body": "Soon."}


def shown(console: Client, path: str) -> str:
    found = re.search(r'name="submission_id" value="(\w{26})"', text_of(console, path))
    assert found
    return found[1]


def text_of(console: Client, path: str) -> str:
    return console.get(path).content.decode()


def test_two_clicks_add_one_monitor(console: Client) -> None:
    sent = form(submission_id=shown(console, f"{MONITORS}add/"))
    for _ in range(3):
        assert console.post(f"{MONITORS}add/", sent)["Location"] == MONITORS
    assert Monitor.objects.filter(name="login probe").count() == 1
    assert "added by the first click" in text_of(console, MONITORS)
    sent["submission_id"] = shown(console, f"{MONITORS}add/")
    console.post(f"{MONITORS}add/", sent)
    assert Monitor.objects.filter(name="login probe").count() == 2


@pytest.mark.parametrize(
    ("path", "fields", "model"),
    [
        (CHANGES, {"kind": "deployment", "summary": "web 4.2"}, SystemChange),
        ("/admin/monitors/service/", {"name": "Search"}, Service),
        ("/admin/incidents/componentgroup/", {"name": "Edge", "position": 3}, ComponentGroup),
        ("/admin/incidents/component/", NEW_COMPONENT, Component),
        ("/admin/incidents/template/", NEW_TEMPLATE, Template),
    ],
)
def test_every_form_that_adds(
    console: Client, path: str, fields: dict[str, Any], model: Any
) -> None:
    before = model.objects.count()
    sent = {**fields, "submission_id": shown(console, f"{path}add/")}
    for _ in range(2):
        assert console.post(f"{path}add/", sent).status_code == 302
    assert model.objects.count() == before + 1


def test_save_and_add_another_is_clicked_twice(console: Client) -> None:
    sent = {"kind": "deployment", "summary": "web 4.2", "_addanother": "1"}
    sent["submission_id"] = shown(console, f"{CHANGES}add/")
    for _ in range(2):
        console.post(f"{CHANGES}add/", sent)
    assert SystemChange.objects.count() == 1


def test_what_was_wrong_can_be_put_right_under_the_same_showing(console: Client) -> None:
    sent = form(name="", submission_id=shown(console, f"{MONITORS}add/"))
    assert console.post(f"{MONITORS}add/", sent).status_code == 200
    assert console.post(f"{MONITORS}add/", {**sent, "name": "login probe"}).status_code == 302
    assert Monitor.objects.filter(name="login probe").count() == 1


@pytest.mark.parametrize("odd", ["", "nonsense", "\x00", "ILOU" * 7, "9" * 26])
def test_an_odd_id_hinders_nobody(console: Client, odd: str) -> None:
    assert console.post(f"{MONITORS}add/", form(submission_id=odd)).status_code == 302
    assert Monitor.objects.filter(name="login probe").exists()


def test_whoever_may_not_add_uses_no_id_up(console: Client, bobs_console: Client) -> None:
    sent = form(submission_id=shown(console, f"{MONITORS}add/"))
    assert bobs_console.post(f"{MONITORS}add/", sent).status_code == 403
    assert not Submission.objects.exists()
    assert console.post(f"{MONITORS}add/", sent).status_code == 302


def test_two_clicks_at_once_add_one(fresh_database: str) -> None:
    with in_tenant("acme"):
        clients = [signed_in("acme.localhost", "alice@acme.example") for _ in range(2)]
    sent = form(submission_id=new_ulid())

    def click(client: Client) -> int:
        try:
            return client.post(f"{MONITORS}add/", sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(click, clients)) == [302, 302]
    with in_tenant("acme"):
        assert Monitor.objects.filter(name="login probe").count() == 1


def test_ids_are_forgotten_after_a_day(acme: object) -> None:
    now = timezone.now()
    with transaction.atomic():
        assert is_first(new_ulid(), at=now - KEPT_FOR * 2)
        assert is_first(new_ulid(), at=now)
    assert Submission.objects.count() == 1
