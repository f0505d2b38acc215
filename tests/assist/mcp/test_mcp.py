"""/mcp as it is on the wire: revisions, refusals, and one tenant a call."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from atender.api.keys import issue_key
from atender.tenants.context import connection, enter, in_tenant
from atender.tenants.models import Tenant
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key, partner_page

SLOW = "your api is super slow today"
NEWEST = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": NEWEST,
    "io.modelcontextprotocol/clientCapabilities": {},
}
OLDER = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]


@pytest.fixture
def agent(acme: Tenant) -> Client:
    return api_client(make_key("assist"))


def rpc(client: Client, method: str, params: Any = None, **kwargs: Any) -> Any:
    headers = kwargs.pop("headers", {})
    body = {"jsonrpc": "2.0", "id": 1, "method": method, **kwargs}
    if params is not None:
        body["params"] = params
    return client.post("/mcp", json.dumps(body), content_type="application/json", headers=headers)


def newest(client: Client, method: str, params: Any = None, **headers: str) -> Any:
    params = {**(params or {}), "_meta": META}
    said = {"mcp-protocol-version": NEWEST, "mcp-method": method}
    if "name" in params:
        said["mcp-name"] = params["name"]
    return rpc(client, method, params, headers={**said, **headers})


def check(client: Client, message: str = SLOW) -> Any:
    params = {"name": "status_check", "arguments": {"message": message}}
    return rpc(client, "tools/call", params).json()["result"]


@pytest.mark.parametrize("revision", OLDER)
def test_older_clients_begin_with_initialize(agent: Client, revision: str) -> None:
    make_incident()
    info = {"name": "tests", "version": "1"}
    asked = {"protocolVersion": revision, "capabilities": {}, "clientInfo": info}
    begun = rpc(agent, "initialize", asked)
    assert begun.json()["result"]["protocolVersion"] == revision
    assert not begun.has_header("Mcp-Session-Id")
    headers = {"mcp-protocol-version": revision}
    done = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    noted = agent.post("/mcp", done, content_type="application/json", headers=headers)
    assert (noted.status_code, noted.content) == (202, b"")
    assert rpc(agent, "ping", headers=headers).json()["result"] == {}
    tools = rpc(agent, "tools/list", headers=headers).json()["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["status_check", "status_subscribe"]
    params = {"name": "status_check", "arguments": {"message": SLOW}}
    result = rpc(agent, "tools/call", params, headers=headers).json()["result"]
    assert json.loads(result["content"][0]["text"])["matches"]
    assert "structuredContent" in result or revision < "2025-06-18"
    assert "resultType" not in result


def test_an_unknown_revision_is_answered_with_the_newest_of_those_that_begin(agent: Client) -> None:
    asked = {"protocolVersion": "2031-01-01", "capabilities": {}}
    asked["clientInfo"] = {"name": "tests", "version": "1"}
    assert rpc(agent, "initialize", asked).json()["result"]["protocolVersion"] == "2025-11-25"


def test_the_newest_needs_no_beginning(agent: Client) -> None:
    incident = make_incident()
    found = newest(agent, "server/discover").json()["result"]
    assert NEWEST in found["supportedVersions"]
    listed = newest(agent, "tools/list").json()["result"]
    assert (listed["resultType"], listed["cacheScope"]) == ("complete", "private")
    tool = listed["tools"][0]
    assert tool["annotations"]["readOnlyHint"] is True
    assert tool["outputSchema"]["required"] == ["matches", "language"]
    params = {"name": "status_check", "arguments": {"message": SLOW}}
    result = newest(agent, "tools/call", params).json()["result"]
    assert result["structuredContent"]["matches"][0]["incident"]["id"] == incident.id
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    assert result["isError"] is False


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"mcp-protocol-version": "2031-01-01"}, -32022),
        ({"mcp-method": "tools/list"}, -32020),
        ({"mcp-name": "status_subscribe"}, -32020),
    ],
)
def test_headers_that_contradict_the_body_are_a_400(
    agent: Client, headers: dict[str, str], code: int
) -> None:
    params = {"name": "status_check", "arguments": {"message": SLOW}}
    refused = newest(agent, "tools/call", params, **headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


def test_a_request_without_its_envelope_is_a_400(agent: Client) -> None:
    headers = {"mcp-protocol-version": NEWEST, "mcp-method": "tools/list"}
    assert rpc(agent, "tools/list", {}, headers=headers).json()["error"]["code"] == -32602
    inside = rpc(agent, "tools/list", {"_meta": META})
    assert (inside.status_code, inside.json()["error"]["code"]) == (400, -32020)


def test_what_is_not_there_is_said(agent: Client) -> None:
    assert rpc(agent, "resources/list").json()["error"]["code"] == -32601
    assert newest(agent, "prompts/list").status_code == 404


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"name": "status_check", "arguments": {"limit": "x"}}, "limit"),
        ({"name": "status_check", "arguments": {}}, "customer's words"),
        ({"name": "status_check", "arguments": "x"}, "object"),
        ({"name": "nothing", "arguments": {}}, "status_check, status_subscribe"),
        ({"name": 7}, "no tool"),
        ({"name": "status_subscribe", "arguments": {"email": "x"}}, "incident_id"),
        (
            {
                "name": "status_subscribe",
                "arguments": {"incident_id": "x", "email": "a@example.com", "reply": "yes"},
            },
            "no active incident",
        ),
    ],
)
def test_a_wrong_call_is_an_answer_for_the_model(
    agent: Client, params: dict[str, Any], sentence: str
) -> None:
    answer = rpc(agent, "tools/call", params)
    result = answer.json()["result"]
    assert (answer.status_code, result["isError"]) == (200, True)
    assert sentence in result["content"][0]["text"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"jsonrpc": "2.0", "id": null, "method": "ping"}', b"\xff"]
)
def test_what_is_no_request_is_a_400(agent: Client, body: bytes) -> None:
    refused = agent.post("/mcp", body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] in (-32700, -32600)


def test_without_a_key_it_is_said_where_keys_are_told_of(acme: Tenant) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    refused = rpc(anonymous, "ping")
    assert refused.status_code == 401
    where = refused["WWW-Authenticate"].split('resource_metadata="')[1].rstrip('"')
    path = "/" + where.split("/", 3)[3]
    assert path == "/.well-known/oauth-protected-resource/mcp"
    told = anonymous.get(path).json()
    assert told["resource"].endswith("acme.localhost/mcp")
    assert told["scopes_supported"] == ["assist"]
    reader = api_client(make_key("read"))
    assert rpc(reader, "ping").status_code == 403
    stranger = rpc(api_client("atn_of_somebody_else"), "ping")
    assert (stranger.status_code, "is not known here" in stranger.json()["detail"]) == (401, True)


def test_other_methods_and_other_sites_are_refused(agent: Client) -> None:
    for method in ("get", "delete", "put"):
        refused = getattr(agent, method)("/mcp")
        assert (refused.status_code, refused["Allow"]) == (405, "POST")
    for origin in ("https://evil.example", "null", "http://acme.localhost.evil.example"):
        assert rpc(agent, "ping", headers={"origin": origin}).status_code == 403
    assert rpc(agent, "ping", headers={"origin": "http://acme.localhost:8000"}).status_code == 200


def test_a_spent_key_waits(agent: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    rpc(agent, "ping")
    refused = rpc(agent, "ping")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_a_key_sees_its_own_pages_alone(agent: Client) -> None:
    incident = make_incident(pages=(partner_page(),))
    make_incident(pages=())
    assert check(agent)["structuredContent"]["matches"] == []
    page_ids = [partner_page().id]
    _, text = issue_key("partners", scopes=["assist"], by=STAFF, page_ids=page_ids)
    (match,) = check(api_client(text))["structuredContent"]["matches"]
    assert match["incident"]["id"] == incident.id


@pytest.mark.usefixtures("fresh_database")
def test_reused_threads_never_speak_of_another_tenant() -> None:
    """Two threads in turns answer two tenants; each begins where the call before left it."""
    clients, incidents = {}, {}
    for schema in ("acme", "globex"):
        with in_tenant(schema):
            incidents[schema] = make_incident(f"API response times degraded at {schema}").id
            clients[schema] = api_client(make_key("assist"), f"{schema}.localhost")

    def ask(number: int) -> tuple[str, list[str]]:
        schema = ("acme", "globex")[number % 3 % 2]
        # As a call would that left its schema behind.
        enter("globex" if schema == "acme" else "acme")
        matches = check(clients[schema])["structuredContent"]["matches"]
        return schema, [match["incident"]["id"] for match in matches]

    def close(_: int) -> None:
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, range(24)))
        list(pool.map(close, range(2)))
    assert {schema for schema, _ in answers} == {"acme", "globex"}
    for schema, found in answers:
        assert found == [incidents[schema]]
    connection.set_schema_to_public()


@pytest.mark.usefixtures("fresh_database")
def test_four_hundred_at_once_are_each_answered_for_themselves() -> None:
    """Two tenants, three kinds of words: each call gets what its own words and key are told."""
    clients, incidents = {}, {}
    for schema in ("acme", "globex"):
        with in_tenant(schema):
            incidents[schema] = make_incident(f"API response times degraded at {schema}").id
            clients[schema] = make_key("assist"), f"{schema}.localhost"
    words = {SLOW: 1, "how do I change my avatar": 0, "la API está muy lenta hoy": 1}

    def ask(number: int) -> bool:
        schema = ("acme", "globex")[number % 2]
        text = list(words)[number % 3]
        body = {"message": f"{text} {number}"}
        client = api_client(*clients[schema])
        answer = client.post("/api/v1/assist/status_check", body, content_type="application/json")
        connections.close_all()
        found = [match["incident"]["id"] for match in answer.json()["matches"]]
        return found == [incidents[schema]] * words[text]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(400)))
    assert answers == [True] * 400
    connection.set_schema_to_public()


def calls(count: int) -> list[dict[str, Any]]:
    params = {"name": "status_check", "arguments": {"message": SLOW}}
    return [
        {"jsonrpc": "2.0", "id": one, "method": "tools/call", "params": params}
        for one in range(count)
    ]


def batch(client: Client, body: list[Any], **headers: str) -> Any:
    return client.post("/mcp", json.dumps(body), content_type="application/json", headers=headers)


def test_a_batch_is_answered_call_by_call(agent: Client) -> None:
    make_incident()
    noted = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    answers = batch(agent, [*calls(2), noted, 7]).json()
    assert [one["id"] for one in answers] == [0, 1, None]
    assert not any(one["result"]["isError"] for one in answers[:2])
    assert answers[0]["result"] == answers[1]["result"]
    assert answers[2]["error"]["code"] == -32600
    assert batch(agent, [noted, noted]).status_code == 202


@pytest.mark.parametrize("revision", ["2025-06-18", NEWEST])
def test_revisions_without_batches_say_so(agent: Client, revision: str) -> None:
    refused = batch(agent, calls(2), **{"mcp-protocol-version": revision})
    assert refused.status_code == 400
    assert "no batches" in refused.json()["error"]["message"]


def test_a_batch_of_four_hundred_is_refused_whole(agent: Client) -> None:
    refused = batch(agent, calls(400))
    assert refused.status_code == 400
    assert "at most 50 requests; this one holds 400" in refused.json()["error"]["message"]
    assert refused.json()["id"] is None


def test_each_call_of_a_batch_counts(agent: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 5
    assert batch(agent, calls(3)).status_code == 200
    refused = batch(agent, calls(3))
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
