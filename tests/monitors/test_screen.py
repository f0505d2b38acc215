"""A monitor's screen: what it shows, the form that knows kinds, run now, curl."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch, watch_of
from monitors.console.charting import SPANS, Bucket, draw, nice_above, span_for
from monitors.console.curling import as_curl
from monitors.kinds import Job
from monitors.models import Check, Monitor, Verdict
from monitors.verdicts.settling import settle
from tests.factories import STAFF
from tests.monitors.making import DEGRADED, DOWN, NOON, UP, after, outcome
from tests.monitors.test_admin import form
from tests.web_server import WebServer, reply

MONITORS = "/admin/monitors/monitor/"


def screen(client: Client, monitor: Monitor) -> str:
    return client.get(f"{MONITORS}{monitor.pk}/change/").content.decode()


def watched(**watch: Any) -> Monitor:
    return add_monitor("shop", by=STAFF, watch=Watch(**{"url": "https://shop.example/", **watch}))


def test_what_is_wrong_with_its_form_comes_first(console: Client) -> None:
    monitor = watched()
    assert 'id="latency"' in screen(console, monitor)
    wrong = console.post(f"{MONITORS}{monitor.pk}/change/", form(interval_s=4))
    assert "5 to 86,400 s" in wrong.text
    assert 'id="latency"' not in wrong.text


def test_how_it_stands_and_why(console: Client) -> None:
    monitor = watched(regions=["eu-west", "us-east"])
    assert "not checked yet" in screen(console, monitor)
    now = timezone.now()
    for region, error in (("eu-west", "timeout"), ("us-east", "timeout")):
        settle(monitor, outcome=outcome(DOWN, error, region=region, at=now, latency_ms=None))
    Check.objects.create(monitor=monitor, region="eu-west", verdict="down", checked_at=now)
    page = screen(console, monitor)
    for words in (
        "Down",
        "The server is probably down: no answer in time, seen from all 2 regions.",
        "No answer in time",
        "us-east",
        "1 of 1 steps with a failure",
        "The same as a table",
    ):
        assert words in page


def test_run_now_says_what_came_of_it(
    console: Client, bobs_console: Client, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply(status=503)) as server:
        monitor = watched(url=server.base, retries=0)
        path = f"{MONITORS}{monitor.pk}/run/"
        page = console.post(path, follow=True).content.decode()
        assert bobs_console.post(path).status_code == 403
        assert console.get(path).status_code == 405
        assert len(server.requests) == 1
    assert "Checked now: down in " in page
    assert "HTTP 503" in page
    assert "Run now" not in screen(bobs_console, monitor)


def test_a_heartbeat_shows_what_to_call(console: Client) -> None:
    monitor = add_monitor("nightly", by=STAFF, watch=Watch(kind="heartbeat"))
    page = screen(console, monitor)
    assert f"/api/v1/heartbeat/{monitor.heartbeat_token}" in page
    assert "Run now" not in page
    refused = console.post(f"{MONITORS}{monitor.pk}/run/", follow=True).content.decode()
    assert "calls us" in refused


def test_the_form_takes_what_the_kind_needs(console: Client) -> None:
    said = form(
        kind="agent",
        url="https://ai.example/v1",
        agent__token="s3cret",
        agent__headers="X-Team: shop\n",
        agent__prompt="When do you open?",
        agent__expected="nine",
        agent__match="contains",
        http__keyword="of another kind",
    )
    assert console.post(f"{MONITORS}add/", said).status_code == 302
    monitor = Monitor.objects.get(name="login probe")
    assert watch_of(monitor).config == {
        "token": "s3cret",
        "headers": {"x-team": "shop"},
        "prompt": "When do you open?",
        "expected": "nine",
    }
    page = screen(console, monitor)
    assert "s3cret" not in page
    assert "When do you open?" in page
    # Masks that come back leave the secrets, an empty field takes a part away.
    said.update(agent__token="********", agent__headers="x-team: ********", agent__expected="")
    assert console.post(f"{MONITORS}{monitor.pk}/change/", said).status_code == 302
    monitor.refresh_from_db()
    assert watch_of(monitor).config == {
        "token": "s3cret",
        "headers": {"x-team": "shop"},
        "prompt": "When do you open?",
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"http__expected_status": "teapot"}, "list of HTTP statuses"),
        ({"http__headers": "no colon"}, "is no header"),
        ({"http__redirects": 99}, "from 0 to 10"),
        ({"kind": "heartbeat", "url": "", "heartbeat__cron": "daily"}, "no cron expression"),
        (
            {"kind": "agent", "agent__match": "regex", "agent__expected": "(a+)+"},
            "could take for ever",
        ),
        (
            {"kind": "agent", "agent__match": "regex", "agent__expected": "ok [yes"},
            "can be read: unterminated character set at its character 4.",
        ),
        (
            {"kind": "agent", "agent__match": "regex", "agent__expected": "a{99999999999}"},
            "has groups within groups, or a number of repeats, beyond what",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = console.post(f"{MONITORS}add/", form(**fields))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Monitor.objects.count() == 1


def test_the_documented_call_as_curl() -> None:
    job = Job("x", "agent", "https://your-agent.com/v1/chat/completions", config={"token": "s3c"})
    assert as_curl(job) == (
        "curl -X POST https://your-agent.com/v1/chat/completions \\\n"
        '  -H "Authorization: Bearer $TOKEN" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        '  -d \'{"messages": [{"role": "user", "content": "Hello"}]}\''
    )


def test_curl_quotes_what_a_shell_would_read_and_shows_no_secret() -> None:
    config = {"method": "POST", "body": "it's $HOME", "headers": {"x-api-key": "s3c"}}
    command = as_curl(Job("x", "http", "https://shop.example/?a=1&b=$(id)", config=config))
    assert "'https://shop.example/?a=1&b=$(id)'" in command
    assert "'it'\"'\"'s $HOME'" in command
    assert '-H "x-api-key: $X_API_KEY"' in command
    assert "s3c" not in command
    assert as_curl(Job("x", "tcp", "db.example:5432")) == ""


def bucket(minute: int, median: int | None, worst: Verdict = UP) -> Bucket:
    return Bucket(after(minutes=minute), median, 6, worst)


def test_a_chart_of_an_hour() -> None:
    buckets = [bucket(0, 20), bucket(1, 40), bucket(2, None, DOWN), bucket(30, 90, DEGRADED)]
    chart = draw(buckets, start=NOON, span=SPANS[0])
    assert len(chart.lines) == 2
    assert chart.highest_ms == 100
    assert [(mark.x, mark.verdict) for mark in chart.marks] == [(24.0, DOWN), (360.0, DEGRADED)]
    assert chart.summary == (
        "Latency from 20 to 90 ms within the last hour; 1 of 4 steps with a failure, 1 degraded."
    )
    for line in chart.lines:
        for point in line.split():
            x, y = (float(number) for number in point.split(","))
            assert 0 <= x <= 720
            assert 8 <= y <= 106


def test_empty_charts_and_lengths() -> None:
    assert draw([], start=NOON, span=SPANS[2]).summary == "No check within the last 24 hours."
    assert span_for(timedelta(minutes=3)) == SPANS[0]
    assert span_for(timedelta(days=30)) == SPANS[2]
    assert [nice_above(n) for n in (0, 10, 11, 51, 730)] == [10, 10, 20, 100, 1000]


def test_the_list_says_how_all_stand(console: Client, acme: Tenant) -> None:
    settle(watched(), outcome=outcome(DOWN, "timeout"))
    page = console.get(MONITORS).content.decode()
    assert "Down" in page
    assert "Unknown" in page
