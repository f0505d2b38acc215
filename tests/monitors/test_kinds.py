"""Each kind of check against a real server that behaves as it should, and as it should not."""

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from monitors.kinds import Finding, Job, check
from monitors.kinds.json_places import NOTHING, find
from monitors.models import Verdict
from tests.monitors.making import DEGRADED, DOWN, UNKNOWN, UP
from tests.web_server import HangUp, Request, WebServer, reply


@pytest.fixture(autouse=True)
def private(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


def run(kind: str, url: str, **about: Any) -> Finding:
    return asyncio.run(check(job_for(kind, url, **about)))


def job_for(
    kind: str, url: str, *, timeout_s: int = 5, retries: int = 0, schema: str = "", **config: Any
) -> Job:
    pk = "01JD0000000000000000000000"
    return Job(pk, kind, url, timeout_s, retries, config, schema=schema)


def found(finding: Finding) -> tuple[Verdict, str]:
    return finding.verdict, finding.error_code


def completion(text: str, tokens: int = 5) -> bytes:
    document = {
        "choices": [{"message": {"role": "assistant", "content": text}}],
        "usage": {"completion_tokens": tokens},
    }
    return reply(json.dumps(document).encode())


def site(request: Request) -> bytes | Iterator[bytes]:
    path = request.target.partition("?")[0]
    if path == "/hang-up":
        raise HangUp
    if path == "/circle":
        return reply(status=302, Location="/circle")
    if path == "/moved":
        return reply(status=301, Location="/")
    if path == "/endless":
        return endless()
    if path == "/json":
        return reply(b'{"db": [{"ok": true, "lag": "3 s"}]}')
    if path.startswith("/status/"):
        return reply(status=int(path.removeprefix("/status/")))
    return reply(f"{request.method} {request.headers.get('x-team')} {request.body!r}".encode())


def endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b"x" * 65_536


@pytest.mark.parametrize(
    ("path", "config", "verdict", "code"),
    [
        ("/", {}, UP, ""),
        ("/", {"keyword": "GET"}, UP, ""),
        ("/", {"keyword": "absent"}, DOWN, "keyword_missing"),
        ("/", {"method": "POST", "body": "hi", "keyword": "POST shop b'hi'"}, UP, ""),
        ("/status/500", {}, DOWN, "http_500"),
        ("/status/401", {}, DOWN, "http_401"),
        ("/status/401", {"expected_status": "200, 401"}, UP, ""),
        ("/moved", {}, UP, ""),
        ("/moved", {"redirects": 0}, DOWN, "http_301"),
        ("/circle", {}, DOWN, "redirects"),
        ("/endless", {}, UP, ""),
        ("/hang-up", {}, DOWN, "protocol"),
        ("/json", {"json_path": "db[0].ok"}, UP, ""),
        ("/json", {"json_path": "$.db[0].lag", "json_value": "3 s"}, UP, ""),
        ("/json", {"json_path": "db[0].ok", "json_value": "false"}, DOWN, "json_mismatch"),
        ("/json", {"json_path": "db[1].ok"}, DOWN, "json_mismatch"),
        ("/", {"json_path": "db"}, DOWN, "json_mismatch"),
    ],
)
def test_a_web_address(path: str, config: dict[str, Any], verdict: Verdict, code: str) -> None:
    with WebServer(site) as server:
        finding = run("http", f"{server.base}{path}", headers={"x-team": "shop"}, **config)
    assert found(finding) == (verdict, code)


def test_latency_over_its_limit_is_degraded() -> None:
    with WebServer(site) as server:
        assert found(run("http", server.base, latency_limit_ms=1))[0] in (UP, DEGRADED)
        finding = run("http", server.base, latency_limit_ms=60_000)
    assert found(finding) == (UP, "")
    assert finding.latency_ms is not None


def test_one_that_never_answers_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        finding = run("http", f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_s=1)
    assert found(finding) == (DOWN, "timeout")


def test_nobody_listens_and_nobody_is_named_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert found(run("http", f"http://127.0.0.1:{port}/")) == (DOWN, "connection_refused")
    assert found(run("tcp", f"127.0.0.1:{port}")) == (DOWN, "connection_refused")


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("http", "http://localhost:8000/"),
        ("agent", "http://agent.localhost:8000/v1"),
        ("tcp", "localhost:5432"),
        ("tls", "localhost:8443"),
        ("upstream", "http://status.localhost:8000"),
    ],
)
def test_private_addresses_only_where_the_operator_allows(
    kind: str, url: str, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    finding = run(kind, url)
    assert finding.error_code == "private_target"
    assert finding.verdict == (UNKNOWN if kind == "upstream" else DOWN)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:8000/", "private_target"),
        ("http://[::1]:8000/", "private_target"),
        ("http://169.254.169.254/latest/meta-data/", "private_target"),
        # Addresses like these are refused when a monitor is saved; one that is older is told of.
        ("http://shop.example:25/", "address"),
    ],
)
def test_a_private_address_in_figures_is_judged_as_its_name_is(
    url: str, code: str, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    for kind, verdict in (("http", DOWN), ("agent", DOWN), ("upstream", UNKNOWN)):
        assert found(run(kind, url)) == (verdict, code)


def test_the_operator_allows_private_addresses_for_one_tenant(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    settings.PRIVATE_CHECKS_TENANTS = ["acme"]
    with WebServer(site) as server:
        by_name = f"http://localhost:{server.port}/"
        for url in (server.base, by_name, f"{by_name}moved"):
            assert found(run("http", url, schema="acme")) == (UP, "")
            assert run("http", url, schema="globex").error_code == "private_target"
            assert run("http", url).error_code == "private_target"

        async def together() -> list[Finding]:
            jobs = [job_for("http", by_name, schema=s) for s in ("acme", "globex") * 5]
            return await asyncio.gather(*map(check, jobs))

        findings = asyncio.run(together())
    assert {f.verdict for f in findings[::2]} == {UP}
    assert {f.error_code for f in findings[1::2]} == {"private_target"}


def test_a_redirect_into_a_private_network_is_not_followed(settings: Settings) -> None:
    """The name is public to nobody here, so the redirect alone is looked at."""
    with WebServer(lambda _: reply(status=302, Location="ftp://127.0.0.1/")) as server:
        assert found(run("http", server.base)) == (DOWN, "redirects")


def test_what_may_pass_is_tried_again() -> None:
    answers = [reply(status=503), reply(status=500), reply(b"ok")]
    with WebServer(lambda _: answers.pop(0)) as server:
        assert found(run("http", server.base, retries=2)) == (UP, "")
        assert len(server.requests) == 3


def test_what_will_not_pass_is_not() -> None:
    with WebServer(lambda _: reply(status=403)) as server:
        assert found(run("http", server.base, retries=2)) == (DOWN, "http_403")
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "config", "verdict", "code"),
    [
        (completion("Hello! How can I help?"), {}, UP, ""),
        (completion("It is PARIS,\nof course"), {"expected": "paris, of"}, UP, ""),
        (completion("Berlin"), {"expected": "Paris"}, DEGRADED, "gold_prompt_failed"),
        (completion("42."), {"expected": "^4[0-9]", "match": "regex"}, UP, ""),
        (
            completion("no"),
            {"expected": "^4[0-9]", "match": "regex"},
            DEGRADED,
            "gold_prompt_failed",
        ),
        (
            completion("The capital of France is Paris."),
            {"expected": "The capital of France is Lyon", "match": "similarity"},
            UP,
            "",
        ),
        (
            completion("I cannot help you with that"),
            {"expected": "The capital of France is Paris", "match": "similarity"},
            DEGRADED,
            "gold_prompt_failed",
        ),
        (completion("Hello", 900), {"max_tokens": 100}, DEGRADED, "too_many_tokens"),
        (completion("  "), {}, DEGRADED, "schema_mismatch"),
        (reply(b"{}"), {}, DEGRADED, "schema_mismatch"),
        (reply(b"<html>"), {}, DEGRADED, "schema_mismatch"),
        (reply(b'{"choices": []}'), {}, DEGRADED, "schema_mismatch"),
        (reply(status=500), {}, DOWN, "http_500"),
        (reply(status=401), {}, DOWN, "http_401"),
    ],
)
def test_an_agent(answer: bytes, config: dict[str, Any], verdict: Verdict, code: str) -> None:
    with WebServer(lambda _: answer) as server:
        finding = run("agent", f"{server.base}/v1", token="secret", **config)
        (asked,) = server.requests
    assert found(finding) == (verdict, code)
    assert (asked.method, asked.target) == ("POST", "/v1/chat/completions")
    assert asked.headers["authorization"] == "Bearer secret"
    assert json.loads(asked.body)["messages"][-1] == {"role": "user", "content": "Hello"}


def test_a_port_and_what_it_says_first() -> None:
    def greet(_: Request) -> bytes:
        return b""

    with WebServer(greet) as server:
        assert found(run("tcp", f"127.0.0.1:{server.port}")) == (UP, "")
        assert found(run("tcp", f"127.0.0.1:{server.port}", timeout_s=1, expect="220"))[1] in (
            "timeout",
            "keyword_missing",
        )


@pytest.mark.parametrize(
    ("component", "verdict", "code"),
    [
        (None, DOWN, "upstream_major"),
        ("API", UP, ""),
        ("c2", DEGRADED, "upstream_partial_outage"),
        ("Nobody's", UNKNOWN, "schema_mismatch"),
    ],
)
def test_a_vendors_page(component: str | None, verdict: Verdict, code: str) -> None:
    summary = {
        "status": {"indicator": "major", "description": "Partial System Disruption"},
        "components": [
            {"id": "c1", "name": "API", "status": "operational"},
            {"id": "c2", "name": "Mail", "status": "partial_outage"},
        ],
    }
    config: dict[str, Any] = {"component": component} if component else {}
    with WebServer(lambda _: reply(json.dumps(summary).encode())) as server:
        assert found(run("upstream", server.base, **config)) == (verdict, code)
        assert server.paths == ["/api/v2/summary.json"]


def test_a_vendors_page_that_is_away_says_nothing() -> None:
    with WebServer(lambda _: reply(status=500)) as server:
        assert found(run("upstream", server.base)) == (UNKNOWN, "http_500")


def test_places_in_json() -> None:
    document = {"a": [{"b.c": 1}], "d": None}
    assert find(document, "$.a[0]['b.c']") == 1
    assert find(document, "d") is None
    assert find(document, "a[7]") is NOTHING
    assert find(document, "a.b") is NOTHING


def test_a_check_that_breaks_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    job = Job("01JD0000000000000000000000", "http", "http://127.0.0.1/", config={"headers": 7})
    finding = asyncio.run(check(job))
    assert found(finding) == (UNKNOWN, "broken")
    assert "01JD0000000000000000000000" in caplog.text
