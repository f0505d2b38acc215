"""/checks, and running a monitor now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.api.cursors import closed, opened
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch
from monitors.models import Check, Monitor
from monitors.rounds.models import Round
from monitors.verdicts.settling import settle
from tests.conftest import api_client
from tests.factories import STAFF, make_key
from tests.monitors.making import DOWN, outcome
from tests.monitors.test_kinds import completion
from tests.web_server import WebServer, reply

CHECKS = "/api/v1/checks"
Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def private(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    settings.RUN_WAIT_S = 0.0


def watched(**watch: Any) -> Monitor:
    return add_monitor("shop", by=STAFF, watch=Watch(**{"url": "https://shop.example/", **watch}))


@pytest.fixture
def prober(acme: Tenant) -> Callable[..., Any]:
    program = api_client(make_key("probes"))

    def send(path: str, **body: Any) -> Any:
        return program.post(path, body, content_type="application/json")

    return send


def test_a_region_far_away_claims_and_reports(prober: Post, api: Client) -> None:
    monitor = watched(
        kind="agent", regions=["eu-west"], config={"token": "s3cret", "expected": "hi"}
    )
    assert prober(f"{CHECKS}/claim", region="us-east").json() == {"data": []}
    (job,) = prober(f"{CHECKS}/claim", region="eu-west", limit=5).json()["data"]
    assert (job["monitor_id"], job["config"]["token"]) == (monitor.id, "s3cret")
    assert prober(f"{CHECKS}/claim", region="eu-west").json() == {"data": []}
    result = {
        "monitor_id": monitor.id.lower(),
        "verdict": "down",
        "error_code": "timeout",
        "age_ms": 2000,
    }
    stranger = {"monitor_id": "01JD0000000000000000000000", "verdict": "up"}
    answer = prober(CHECKS, region="eu-west", results=[result, stranger])
    assert (answer.status_code, answer.json()) == (200, {"recorded": 1})
    document = api.get(f"/api/v1/monitors/{monitor.id}").json()
    assert (document["verdict"], document["error_code"]) == ("down", "timeout")
    assert "server is probably down" in document["likely_cause"]
    assert document["config"] == {"token": "********", "expected": "hi"}
    (row,) = api.get(CHECKS).json()["data"]
    assert row.keys() == {
        "monitor_id",
        "region",
        "verdict",
        "error_code",
        "latency_ms",
        "checked_at",
    }
    assert (row["region"], row["latency_ms"]) == ("eu-west", None)
    # A region that the monitor does not name has no say.
    assert prober(CHECKS, region="us-east", results=[result]).json() == {"recorded": 0}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"results": []}, "region"),
        ({"region": "E U", "results": []}, "region"),
        ({"region": "eu", "results": [{"monitor_id": "x", "verdict": "up"}]}, "results"),
        ({"region": "eu", "results": [{"monitor_id": "0" * 26, "verdict": "fine"}]}, "results"),
        (
            {"region": "eu", "results": [{"monitor_id": "0" * 26, "verdict": "up", "age_ms": -1}]},
            "results",
        ),
    ],
)
def test_a_report_that_cannot_be_read(prober: Post, body: dict[str, Any], field: str) -> None:
    answer = prober(CHECKS, **body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Check.objects.exists()


def test_a_neighbours_monitors_are_neither_handed_out_nor_reported(
    prober: Post, globex: Tenant
) -> None:
    with in_tenant("globex"):
        theirs = watched()
    assert prober(f"{CHECKS}/claim", region="eu").json() == {"data": []}
    report = [{"monitor_id": theirs.id, "verdict": "down"}]
    assert prober(CHECKS, region="eu", results=report).json() == {"recorded": 0}


def test_checks_page_by_page(api: Client) -> None:
    monitor, other = watched(), watched()
    now = timezone.now()
    Check.objects.bulk_create(
        Check(
            monitor=monitor if number % 2 else other,
            region="eu",
            verdict="down" if number == 7 else "up",
            latency_ms=number,
            checked_at=now - timedelta(seconds=100 - number),
        )
        for number in range(10)
    )
    first = api.get(CHECKS, {"limit": 4}).json()
    assert [row["latency_ms"] for row in first["data"]] == [9, 8, 7, 6]
    rest = api.get(CHECKS, {"limit": 10, "cursor": first["next_cursor"]}).json()
    assert [row["latency_ms"] for row in rest["data"]] == [5, 4, 3, 2, 1, 0]
    assert rest["next_cursor"] is None
    assert len(api.get(CHECKS, {"monitor_id": monitor.id}).json()["data"]) == 5
    assert len(api.get(CHECKS, {"verdict": "down", "region": "eu"}).json()["data"]) == 1
    since = (now - timedelta(seconds=95, milliseconds=500)).isoformat()
    assert len(api.get(CHECKS, {"since": since}).json()["data"]) == 5
    made_up = api.get(CHECKS, {"cursor": "01JD0000000000000000000000"}).json()
    assert made_up == {"data": [], "next_cursor": None}
    assert api.get(CHECKS, {"verdict": "fine"}).status_code == 400


def test_a_cursor_hides_its_number() -> None:
    assert [opened(closed(number)) for number in (1, 2, 10**15)] == [1, 2, 10**15]
    assert closed(1)[:20] != closed(2)[:20]


def test_an_agent_is_run_with_the_documented_call(acme: Tenant) -> None:
    """No body, no content type: the call is the documents' own, word for word."""
    caller = api_client(make_key("monitors"))
    answers = [completion("Hello there"), reply(status=401)]
    with WebServer(lambda _: answers.pop(0)) as server:
        watch = Watch(kind="agent", url=f"{server.base}/v1/chat/completions")
        agent = add_monitor("agent", by=STAFF, watch=watch)
        path = f"/api/v1/agents/{agent.id}/run"
        good, bad = caller.post(path).json(), caller.post(path).json()
    assert (good["verdict"], good["error_code"], good["waiting"]) == ("up", None, [])
    assert good["baseline_ms"] is None
    assert bad["baseline_ms"] == good["latency_ms"]
    (region,) = good["regions"]
    assert (region["region"], region["verdict"]) == ("local", "up")
    assert (bad["verdict"], bad["error_code"]) == ("down", "http_401")
    assert "API key" in bad["likely_cause"]
    assert Check.objects.filter(monitor=agent).count() == 2


def test_other_regions_are_asked_and_named_while_they_are_silent(api: Client) -> None:
    monitor = watched(regions=["eu-west"])
    settle(monitor, outcome=outcome(DOWN, "timeout", region="eu-west"))
    answer = api.post(f"/api/v1/monitors/{monitor.id}/run").json()
    assert answer["waiting"] == ["eu-west"]
    assert [row["region"] for row in answer["regions"]] == ["eu-west"]


def test_several_regions_may_be_one_place(api: Client, settings: Settings) -> None:
    settings.PROBE_REGIONS = ["eu-west", "us-east"]
    answers = [reply(), reply(status=500)]
    with WebServer(lambda _: answers.pop()) as server:
        monitor = watched(url=server.base, regions=["eu-west", "us-east"], retries=0)
        answer = api.post(f"/api/v1/monitors/{monitor.id}/run").json()
    assert (answer["verdict"], answer["waiting"]) == ("degraded", [])
    assert sorted(row["verdict"] for row in answer["regions"]) == ["down", "up"]
    assert "regional issue" in answer["likely_cause"]


def test_a_region_in_which_nobody_checks_is_not_waited_for(api: Client, settings: Settings) -> None:
    settings.RUN_WAIT_S = 3600.0
    monitor = watched(regions=["eu-west"])
    Round.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert api.post(f"/api/v1/monitors/{monitor.id}/run").json()["waiting"] == ["eu-west"]


def test_what_cannot_be_run(api: Client) -> None:
    beat = add_monitor("beat", by=STAFF, watch=Watch(kind="heartbeat"))
    bare = Monitor.objects.get(name="api probe")
    for monitor, sentence in ((beat, "calls us"), (bare, "no address")):
        refused = api.post(f"/api/v1/monitors/{monitor.id}/run")
        assert refused.status_code == 422
        assert sentence in refused.json()["detail"]
        assert api.post(f"/api/v1/agents/{monitor.id}/run").status_code == 404


def test_who_may_run_and_report(acme: Tenant) -> None:
    monitor = watched()
    for scope in ("read", "incidents"):
        program = api_client(make_key(scope))
        assert program.post(f"/api/v1/monitors/{monitor.id}/run").status_code == 403
        assert program.post(f"{CHECKS}/claim").status_code == 403
    keeper = api_client(make_key("monitors"))
    assert keeper.post(f"{CHECKS}/claim").status_code == 403
    assert keeper.get(CHECKS).status_code == 200
