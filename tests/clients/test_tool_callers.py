"""Programs that call tools by MCP call ours: run unmodified, each in its own process."""

import json
import os
import subprocess
from typing import Any

import pytest

from tests.clients.conftest import program

Server = tuple[str, str, str]
LIMIT_S = 90
SLOW = "your api is super slow today"
PYTHON = """
import asyncio, json, sys
import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

url, key, mode, message, incident = sys.argv[1:]

async def main():
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            tools = (await client.list_tools()).tools
            found = await client.call_tool("status_check", {"message": message})
            said = await client.call_tool("status_subscribe", {
                "incident_id": incident, "email": "maria@example.com", "reply": "yes please"})
            wrong = await client.call_tool("status_check", {"limit": "many"})
            nobody = await client.call_tool("no_such_tool", {})
            print(json.dumps({
                "revision": client.protocol_version,
                "tools": [tool.model_dump(by_alias=True, mode="json") for tool in tools],
                "found": found.structured_content,
                "text": found.content[0].text,
                "said": said.structured_content,
                "wrong": [wrong.is_error, wrong.content[0].text],
                "nobody": [nobody.is_error, nobody.content[0].text],
            }))

asyncio.run(main())
"""
TYPESCRIPT = """
const [url, key, message, incident] = process.argv.slice(2);
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { Authorization: `Bearer ${key}` } },
});
const client = new Client({ name: "tests", version: "1" });
await client.connect(transport);
const { tools } = await client.listTools();
const found = await client.callTool({ name: "status_check", arguments: { message } });
const said = await client.callTool({ name: "status_subscribe", arguments: {
  incident_id: incident, email: "maria@example.com", reply: "oui, merci", language: "fr",
} });
const wrong = await client.callTool({ name: "status_check", arguments: { limit: "many" } });
console.log(JSON.stringify({
  tools, found: found.structuredContent, text: found.content[0].text,
  said: said.structuredContent, wrong: [wrong.isError, wrong.content[0].text],
}));
await client.close();
"""
IMPORTS = {
    "sdk": """
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
""",
    "client": """
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
""",
}


def output(*command: Any, **kwargs: Any) -> Any:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env={"PATH": os.environ["PATH"]},
        **kwargs,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def check(answers: dict[str, Any], incident_id: str) -> None:
    tools = {tool["name"]: tool for tool in answers["tools"]}
    assert set(tools) == {"status_check", "status_subscribe"}
    assert tools["status_check"]["annotations"]["readOnlyHint"] is True
    assert tools["status_subscribe"]["inputSchema"]["required"] == ["incident_id", "email", "reply"]
    (match,) = answers["found"]["matches"]
    assert match["incident"]["id"] == incident_id
    assert json.loads(answers["text"]) == answers["found"]
    assert answers["said"] == {
        "subscribed": True,
        "confirmation": "yes",
        "verification": "sent",
    }
    assert answers["wrong"][0] is True
    assert "limit" in answers["wrong"][1]


@pytest.mark.parametrize(
    ("mode", "revision"),
    [("legacy", "2025-11-25"), ("auto", "2026-07-28"), ("2026-07-28", "2026-07-28")],
)
def test_the_python_client_calls_our_tools(tools_server: Server, mode: str, revision: str) -> None:
    url, key, incident_id = tools_server
    # Its own program, so that an environment from before it is seen as lacking it.
    python = program("bin", "mcp").with_name("python")
    answers = output(python, "-c", PYTHON, url, key, mode, SLOW, incident_id)
    check(answers, incident_id)
    assert answers["revision"] == revision
    assert answers["nobody"][0] is True
    assert "status_check" in answers["nobody"][1]


@pytest.mark.parametrize("package", IMPORTS)
def test_the_typescript_clients_call_our_tools(tools_server: Server, package: str) -> None:
    url, key, incident_id = tools_server
    home = program("node_modules", "@modelcontextprotocol", package, "package.json").parents[3]
    answers = output(
        *("node", "--input-type=module", "-", url, key, SLOW, incident_id),
        input=IMPORTS[package] + TYPESCRIPT,
        cwd=home,
    )
    check(answers, incident_id)


def test_the_inspector_lists_and_calls_our_tools(tools_server: Server) -> None:
    url, key, incident_id = tools_server
    inspector = program("node_modules", "@modelcontextprotocol", "inspector-cli", "build", "cli.js")
    # Published alone, it asks for the name of the package that it was cut from.
    named = inspector.parents[2] / "package.json"
    named.write_text('{"name": "@modelcontextprotocol/inspector", "version": "1.0.3"}')
    header = f"Authorization: Bearer {key}"
    asked = ("node", inspector, "--cli", url, "--transport", "http", "--header", header)
    listed = output(*asked, "--method", "tools/list")
    assert [tool["name"] for tool in listed["tools"]] == ["status_check", "status_subscribe"]
    call = ("--method", "tools/call", "--tool-name", "status_check")
    found = output(*asked, *call, "--tool-arg", f"message={SLOW}")
    assert found["structuredContent"]["matches"][0]["incident"]["id"] == incident_id
