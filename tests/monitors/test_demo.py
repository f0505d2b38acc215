"""The demo's monitors, and the service that they watch and staff may break."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import Settings

from atender.demo.shaky.moods import MOODS, change_mood
from atender.tenants.models import Tenant
from monitors import demo
from monitors.kinds import Job
from monitors.models import Monitor, Service, Verdict
from monitors.probing.claiming import job_of
from monitors.probing.running import checked
from tests.live import serving


@pytest.fixture
def staff(settings: Settings, tmp_path: object, console: Client) -> Client:
    settings.DEMO, settings.HOME = True, tmp_path
    return console


@pytest.fixture
def seeded(acme: Tenant) -> list[Monitor]:
    Monitor.objects.all().delete()
    Service.objects.all().delete()
    demo.seed(acme, now=acme.created_at)
    return list(Monitor.objects.all())


def test_the_switch(staff: Client, bobs_console: Client) -> None:
    assert "It works" in staff.get("/shaky/").content.decode()
    page = staff.post("/shaky/", {"mood": "broken"}, follow=True).content.decode()
    assert "It is broken" in page
    assert staff.get("/shaky/shop").status_code == 500
    assert "Choose one" in staff.post("/shaky/", {"mood": "x"}, follow=True).content.decode()
    assert bobs_console.post("/shaky/", {"mood": "fine"}).status_code == 403
    assert staff.put("/shaky/").status_code == 405
    assert Client(HTTP_HOST="acme.localhost").get("/shaky/").status_code == 302


def test_only_a_demo_has_one(console: Client) -> None:
    for path in ("/shaky/", "/shaky/shop", "/shaky/v1/chat/completions"):
        assert console.get(path).status_code == 404


def test_the_monitors_see_what_is_broken(
    staff: Client, seeded: list[Monitor], fresh_server: str
) -> None:
    """Every seeded monitor is up; the shaky service's moods are seen as what they are."""
    port = fresh_server.rpartition(":")[2]

    def found(monitor: Monitor) -> tuple[Verdict, str]:
        url = monitor.url.replace("https://acme.localhost", f"http://acme.localhost:{port}")
        (finding,) = checked([replace(job_of(monitor), url=url, timeout_s=5, retries=0)])
        return finding.verdict, finding.error_code

    shaky = {m.name: m for m in seeded if "/shaky/" in m.url}
    assert {found(m) for m in shaky.values()} == {(Verdict.UP, "")}
    change_mood("acme", "broken")
    assert {found(m) for m in shaky.values()} == {(Verdict.DOWN, "http_500")}
    change_mood("acme", "locked")
    assert {found(m) for m in shaky.values()} == {(Verdict.DOWN, "http_401")}
    change_mood("acme", "confused")
    assert found(shaky["Shop assistant"]) == (Verdict.DEGRADED, "gold_prompt_failed")
    assert found(shaky["Checkout journey"]) == (Verdict.UP, "")


@pytest.fixture
def fresh_server(settings: Settings) -> object:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with serving() as base:
        yield base


def test_the_demo_follows_its_port(seeded: list[Monitor], settings: Settings, acme: Tenant) -> None:
    settings.PUBLIC_PORT = "8123"
    demo.go_on(acme)
    assert all(":8123/" in monitor.url for monitor in Monitor.objects.exclude(url=""))
    (agent,) = Monitor.objects.filter(kind="agent")
    # Its secret stays as it was.
    assert job_of(agent).says("token") == demo.AGENT["token"]


def test_a_mood_for_every_row_of_likely_causes() -> None:
    assert {"broken", "silent", "locked", "confused", "slow"} < set(MOODS)


def test_a_job_does_not_print_its_secrets() -> None:
    assert "s3cret" not in repr(Job("x", "agent", "https://x", config={"token": "s3cret"}))
