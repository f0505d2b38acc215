"""A monitor that flips so often that the next flip is held back says so wherever it stands."""

from datetime import datetime

import time_machine
from django.test import Client
from pytest_django import Settings

from atender.tenants.models import Tenant
from monitors.api.documents import monitor_document
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch
from monitors.console.watched import sentence
from monitors.models import Monitor
from monitors.probing.running import Run
from monitors.verdicts.settling import settle
from tests.factories import STAFF
from tests.monitors.making import DOWN, UP, after, outcome
from tests.web_server import WebServer, reply

HELD = (
    "Held down until 12:06:00 UTC at the earliest: it is found up since 12:04:00 UTC, but its "
    "verdict changed 3 times within an hour, so this has to last first."
)
LIST = "/admin/monitors/monitor/"


def flapping(found: int = 4) -> Monitor:
    """Up at noon, then down and up by the minute: the fourth flip is held back."""
    monitor = add_monitor("shop", by=STAFF, watch=Watch(url="https://shop.example/"))
    for minute in range(found + 1):
        settle(monitor, outcome=outcome(DOWN if minute % 2 else UP, at=after(minutes=minute)))
    return monitor


def at(minute: float) -> time_machine.travel:
    return time_machine.travel(after(minutes=minute), tick=False)


def screen(client: Client, monitor: Monitor) -> str:
    page = client.get(f"{LIST}{monitor.pk}/change/")
    return " ".join(page.content.decode().split())


def test_its_screen_says_until_when_and_why(acme: Tenant, console: Client) -> None:
    monitor = flapping()
    assert monitor.verdict == DOWN
    with at(4.5):
        assert HELD in screen(console, monitor)
        assert "held until 12:06:00 UTC" in console.get(LIST).content.decode()


def test_once_that_is_past_it_waits_for_a_check(acme: Tenant, console: Client) -> None:
    monitor = flapping()
    with at(7):
        assert "Held down until its next check: it is found up" in screen(console, monitor)
        assert "held until its next check" in console.get(LIST).content.decode()


def test_what_is_not_held_says_nothing(acme: Tenant, console: Client) -> None:
    monitor = flapping(3)
    with at(4):
        assert "Held" not in screen(console, monitor)
        assert "held until" not in console.get(LIST).content.decode()
    document = monitor_document(monitor)
    assert [document[f"held_{part}"] for part in ("verdict", "since", "until")] == [None] * 3


def test_programs_are_told(acme: Tenant, api: Client) -> None:
    monitor = flapping()
    read = api.get(f"/api/v1/monitors/{monitor.pk}").json()
    assert (read["verdict"], read["held_verdict"]) == ("down", "up")
    moments = [datetime.fromisoformat(read[f"held_{part}"]) for part in ("since", "until")]
    assert moments == [after(minutes=4), after(minutes=6)]
    settle(monitor, outcome=outcome(UP, at=after(minutes=6)))
    read = api.get(f"/api/v1/monitors/{monitor.pk}").json()
    assert (read["verdict"], read["held_until"]) == ("up", None)


def test_who_checks_it_now_is_told(acme: Tenant) -> None:
    monitor = flapping()
    with at(4.5):
        said = sentence(Run(monitor, list(monitor.region_states.all()), (), None))
    assert said.startswith("Checked now: down")
    assert said.endswith(HELD)


def test_a_program_that_checks_it_now_is_told(api: Client, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    answers = [reply(status=status) for status in (200, 404, 200, 404, 200)]
    with WebServer(lambda _: answers.pop(0)) as server:
        watch = Watch(url=server.base, retries=0)
        path = f"/api/v1/monitors/{add_monitor('shop', by=STAFF, watch=watch).pk}"
        runs = [api.post(f"{path}/run").json() for _ in range(5)]
    assert [run["held_verdict"] for run in runs] == [None] * 4 + ["up"]
    assert (runs[-1]["verdict"], runs[-1]["regions"][0]["verdict"]) == ("down", "up")
    read = api.get(path).json()
    assert [runs[-1][f"held_{part}"] for part in ("since", "until")] == [
        read[f"held_{part}"] for part in ("since", "until")
    ]
