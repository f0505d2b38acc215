"""Two people with the same form of what is watched: the second reads what the first made of it."""

from typing import Any

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from monitors.catalogue import add_monitor, change_monitor, change_service
from monitors.configs.watching import Watch, watch_of
from monitors.models import Monitor, Service
from monitors.seeing import seen_of, seen_service
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF

MONITORS, SERVICES = "/admin/monitors/monitor/", "/admin/monitors/service/"


def login_probe() -> Monitor:
    config = {"token": "first-secret", "headers": {"x-shop": "north"}, "match": "contains"}
    watch = Watch(kind="agent", url="https://ai.example/v1", config=config)
    return add_monitor("login probe", by=STAFF, watch=watch)


def sent(monitor: Monitor, **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it untouched, with changes."""
    return {
        "name": monitor.name,
        "kind": monitor.kind,
        "url": monitor.url,
        "interval_s": monitor.interval_s,
        "timeout_s": monitor.timeout_s,
        "retries": monitor.retries,
        "regions": "",
        "agent__token": "********",
        "agent__headers": "x-shop: ********",
        "agent__match": "contains",
        "seen": seen_of(monitor),
    } | fields


@pytest.mark.usefixtures("acme")
def test_what_was_not_read_of_a_monitor_is_not_replaced() -> None:
    monitor = login_probe()
    seen = seen_of(monitor)
    changed = change_monitor(monitor, interval_s=30, regions=["eu-west"], by=STAFF)
    told = "differs, it is checked every 30 s. Save again if yours is to replace that."
    with pytest.raises(ChangedMeanwhile, match=told):
        change_monitor(monitor, interval_s=300, seen=seen, by=STAFF)
    monitor.refresh_from_db()
    assert monitor.interval_s == 30
    # It is as it was wanted, and who saw it may change it.
    change_monitor(monitor, interval_s=30, seen=seen, by=STAFF)
    assert change_monitor(monitor, retries=0, seen=seen_of(changed), by=STAFF).retries == 0


@pytest.mark.usefixtures("acme")
def test_one_day_is_said_in_the_singular() -> None:
    watch = Watch(kind="tls", url="shop.example:443", config={"days": 30})
    monitor = add_monitor("certificate", by=STAFF, watch=watch)
    seen = seen_of(monitor)
    for days, told in ((1, "“1 day before”"), (2, "“2 days before”")):
        change_monitor(monitor, config={"days": days}, by=STAFF)
        with pytest.raises(ChangedMeanwhile, match=f"has the warning {told}"):
            change_monitor(monitor, config={"days": 9}, seen=seen, by=STAFF)


def test_what_a_colleague_made_of_a_monitor_is_read_first(console: Client) -> None:
    monitor = login_probe()
    where = f"{MONITORS}{monitor.pk}/change/"
    opened = sent(monitor, name="login", retries=5)
    assert seen_in(console.get(where).text) == opened["seen"]
    headers = {"x-shop": "********", "x-till": "9"}
    config = {"headers": headers, "prompt": "What is 6 times 7?"}
    change_monitor(monitor, timeout_s=20, config=config, by=STAFF)
    told = (
        "Nothing was saved: somebody changed this monitor since you opened it. Where yours "
        "differs, it is called “login probe”, is waited for 20 s at most, is tried again 2 times "
        "at most, has the headers “x-shop, x-till”, has the prompt “What is 6 times 7?”. Save again"
    )
    is_told_first(console, where, opened, told, status=200)
    monitor.refresh_from_db()
    assert (monitor.name, monitor.timeout_s, monitor.retries) == ("login", 10, 5)
    assert watch_of(monitor).config["headers"] == {"x-shop": "north"}


@pytest.mark.usefixtures("acme")
def test_what_there_is_one_of_or_none_is_said_so() -> None:
    monitor = login_probe()
    seen, platform = seen_of(monitor), Service.objects.get()
    change_monitor(monitor, retries=1, quorum=1, regions=["eu-west"], by=STAFF)
    told = "is of no service, is tried again once at most, .*, is down from 1 region. Save"
    wanted: dict[str, Any] = {"service": platform, "retries": 3, "quorum": None, "regions": []}
    with pytest.raises(ChangedMeanwhile, match=told):
        change_monitor(monitor, seen=seen, by=STAFF, **wanted)
    change_monitor(monitor, retries=0, by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="is of no service, is not tried again, "):
        change_monitor(monitor, seen=seen, by=STAFF, **wanted)


def test_a_token_that_a_colleague_gave_is_not_taken_away_nor_told(console: Client) -> None:
    monitor = login_probe()
    change_monitor(monitor, config={"token": None}, by=STAFF)
    monitor.refresh_from_db()
    opened = sent(monitor, agent__token="")
    change_monitor(monitor, config={"token": "another-secret"}, by=STAFF)
    refused = console.post(f"{MONITORS}{monitor.pk}/change/", opened)
    assert "Where yours differs, it has a token." in refused.text
    monitor.refresh_from_db()
    assert watch_of(monitor).config["token"] == "another-secret"
    assert "another-secret" not in refused.text
    # Nor can it be guessed from what the form carries.
    seen = seen_of(monitor)
    change_monitor(monitor, config={"token": "third-secret"}, by=STAFF)
    monitor.refresh_from_db()
    assert seen_of(monitor) == seen


def test_who_saves_twice_is_told_nothing(console: Client) -> None:
    monitor = login_probe()
    opened = sent(monitor, name="  login   probe ", interval_s=30)
    for _ in range(2):
        assert console.post(f"{MONITORS}{monitor.pk}/change/", opened).status_code == 302


def test_who_only_reads_carries_nothing(bobs_console: Client) -> None:
    screen = bobs_console.get(f"{MONITORS}{Monitor.objects.get().pk}/change/").text
    assert 'name="seen"' not in screen


def test_what_a_colleague_said_of_a_service_is_read_first(console: Client) -> None:
    platform = Service.objects.get()
    where = f"{SERVICES}{platform.pk}/change/"
    fields = {"name": "Base", "description": platform.description}
    fields["seen"] = seen = seen_in(console.get(where).text)
    change_service(platform, description="What all stands on", by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="somebody changed this service since you opened"):
        change_service(platform, name="Base", seen=seen, by=STAFF)
    told = "It is called “Platform” and is described as “What all stands on”. Save again if"
    is_told_first(console, where, fields, told, status=200)
    platform.refresh_from_db()
    assert (platform.name, platform.description) == ("Base", "")
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(where, fields).status_code == 302
    again = change_service(platform, name="Platform", seen=seen_service(platform), by=STAFF)
    assert again.name == "Platform"
