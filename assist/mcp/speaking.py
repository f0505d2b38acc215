"""MCP without sessions: a JSON-RPC request in, an answer out.

Revision 2026-07-28 carries everything in each request; those from 2024-11-05 to 2025-11-25 begin
with `initialize`, which stores nothing here either. The SDK's types check requests and shape
answers for each revision. Source: https://modelcontextprotocol.io/specification
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from mcp_types import methods, version
from mcp_types.jsonrpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    UNSUPPORTED_PROTOCOL_VERSION,
)
from pydantic import ValidationError

from assist.mcp.batches import MOST_IN_BATCH
from assist.mcp.envelope import VERSION_HEADER, Envelope
from assist.tools.calling import CallRefused, call
from assist.tools.dialects import mcp
from atender.api.models import ApiKey

# Clients that name no revision speak this one (2025-06-18, transports).
UNNAMED = "2025-03-26"
# The revisions that knew JSON-RPC batches, and have a server take them.
WITH_BATCHES = ("2024-11-05", "2025-03-26")
SERVER = {"name": "atender-incidents", "title": "Atender Incidents", "version": "1"}
SERVER_KEY = "io.modelcontextprotocol/serverInfo"
INSTRUCTIONS = (
    "Ask status_check with the customer's words before you answer anybody who says that something "
    "does not work. Say only what it answers. Offer updates; hand the customer's reply to "
    "status_subscribe word for word."
)
CAPABILITIES = {"tools": {"listChanged": False}}
# Tools change with a release alone.
CACHED_MS = 300_000
STATUSES = {METHOD_NOT_FOUND: 404}


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back: an HTTP status and a body, which notifications have none of."""

    status: int
    body: dict[str, Any] | list[dict[str, Any]] | None = None


class Wrong(Exception):
    """The request cannot be answered; becomes a JSON-RPC error."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


def speak(
    body: Mapping[str, Any] | Sequence[Any], headers: Mapping[str, str], *, key: ApiKey
) -> Reply:
    """Answer a request of a key, or a batch; `headers` are asked without regard to case."""
    if isinstance(body, Mapping):
        return _speak(body, headers, key)
    if refusal := _batch_refusal(body, headers):
        return _error(Envelope({}, headers), Wrong(INVALID_REQUEST, refusal))
    replies = [_speak(one if isinstance(one, Mapping) else {}, headers, key) for one in body]
    answers = [one.body for one in replies if isinstance(one.body, dict)]
    return Reply(200, answers) if answers else Reply(202)


def _batch_refusal(body: Sequence[Any], headers: Mapping[str, str]) -> str:
    """Say why a batch is not taken, where it is not."""
    if headers.get(VERSION_HEADER, UNNAMED) not in WITH_BATCHES:
        return "This revision has no batches; send one JSON-RPC request at a time."
    if not body:
        return "The batch is empty; send a JSON-RPC request."
    if len(body) > MOST_IN_BATCH:
        return f"A batch holds at most {MOST_IN_BATCH} requests; this one holds {len(body):,}."
    return ""


def _speak(body: Mapping[str, Any], headers: Mapping[str, str], key: ApiKey) -> Reply:
    envelope = Envelope(body, headers)
    try:
        revision = _revision(envelope)
        if envelope.is_notification:
            return Reply(202)
        result = _answer(envelope, revision, key)
    except Wrong as wrong:
        return _error(envelope, wrong)
    return Reply(200, {"jsonrpc": "2.0", "id": envelope.id, "result": result})


def _error(envelope: Envelope, wrong: Wrong) -> Reply:
    error = {"code": wrong.code, "message": wrong.message}
    if wrong.data is not None:
        error["data"] = wrong.data
    # In the older revisions only what is wrong with the request itself is an HTTP error.
    is_transport = wrong.code in (INVALID_REQUEST, HEADER_MISMATCH, UNSUPPORTED_PROTOCOL_VERSION)
    is_error = envelope.is_modern or is_transport
    status = STATUSES.get(wrong.code, 400) if is_error else 200
    return Reply(status, {"jsonrpc": "2.0", "id": envelope.id, "error": error})


def _revision(envelope: Envelope) -> str:
    """The revision in which to answer; raises Wrong for what is unknown or contradicts itself."""
    if not envelope.is_message:
        raise Wrong(INVALID_REQUEST, "Send one JSON-RPC request or notification.")
    named = envelope.version
    if named is None:
        if envelope.names_a_revision_inside:
            raise Wrong(HEADER_MISMATCH, "Send MCP-Protocol-Version as the body says it.")
        return UNNAMED
    if named not in version.KNOWN_PROTOCOL_VERSIONS:
        supported = list(version.SUPPORTED_PROTOCOL_VERSIONS)
        raise Wrong(
            UNSUPPORTED_PROTOCOL_VERSION,
            f"MCP-Protocol-Version is one of {', '.join(supported)}.",
            {"supported": supported, "requested": named[:40]},
        )
    if envelope.is_modern and not envelope.is_notification:
        if missing := envelope.missing():
            raise Wrong(INVALID_PARAMS, f"params._meta lacks {', '.join(missing)}.")
        if header := envelope.contradiction():
            raise Wrong(HEADER_MISMATCH, f"The header {header} does not say what the body says.")
    return named


def _answer(envelope: Envelope, revision: str, key: ApiKey) -> dict[str, Any]:
    if envelope.method == "tools/call":
        return _shaped(envelope, revision, _call(envelope, key))
    try:
        methods.validate_client_request(envelope.method, revision, envelope.params)
    except KeyError:
        _unknown(envelope)
    except ValidationError as error:
        raise Wrong(INVALID_PARAMS, _first(error)) from error
    answers: dict[str, dict[str, Any]] = {
        "initialize": {
            "protocolVersion": _agreed(envelope),
            "capabilities": CAPABILITIES,
            "serverInfo": SERVER,
            "instructions": INSTRUCTIONS,
        },
        "server/discover": {
            "supportedVersions": list(version.SUPPORTED_PROTOCOL_VERSIONS),
            "capabilities": CAPABILITIES,
            "instructions": INSTRUCTIONS,
        },
        "ping": {},
        "tools/list": {"tools": mcp()},
    }
    if envelope.method not in answers:
        _unknown(envelope)
    return _shaped(envelope, revision, answers[envelope.method])


def _unknown(envelope: Envelope) -> NoReturn:
    raise Wrong(METHOD_NOT_FOUND, f"There is no method '{envelope.method[:60]}' here.")


def _first(error: ValidationError) -> str:
    """Say what is wrong first, without quoting what was sent."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where[:100]}: {first['msg'][:200]}"


def _agreed(envelope: Envelope) -> str:
    """The revision that the client asked for, or the newest of those that begin so."""
    wanted = (envelope.params or {}).get("protocolVersion")
    known = version.HANDSHAKE_PROTOCOL_VERSIONS
    return str(wanted) if wanted in known else version.LATEST_HANDSHAKE_VERSION


def _call(envelope: Envelope, key: ApiKey) -> dict[str, Any]:
    """Call a tool; what is wrong with the call is an answer that the model reads and mends."""
    params = envelope.params or {}
    try:
        answer = call(params.get("name"), params.get("arguments") or {}, key=key)
    except CallRefused as refused:
        return {"content": [{"type": "text", "text": str(refused)}], "isError": True}
    text = json.dumps(answer, ensure_ascii=False)
    return {
        "content": [{"type": "text", "text": text}],
        "structuredContent": answer,
        "isError": False,
    }


def _shaped(envelope: Envelope, revision: str, result: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a revision does not know, and add what the newest demands."""
    if envelope.is_modern:
        result = {
            "resultType": "complete",
            "ttlMs": CACHED_MS,
            "cacheScope": "private",
            **result,
            "_meta": {SERVER_KEY: SERVER},
        }
    return methods.serialize_server_result(envelope.method, revision, result)
