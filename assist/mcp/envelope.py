"""What a JSON-RPC body of MCP and its headers say about the request itself."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from mcp_types import CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

VERSION_HEADER, METHOD_HEADER, NAME_HEADER = "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"
# What headers cannot carry as it is (2026-07-28, transports).
ENCODED = re.compile(r"=\?base64\?(.*)\?=")


class Envelope:
    """A request's outside; nothing of it is trusted to have the type that it should have."""

    def __init__(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self._body, self._headers = body, headers
        method, params, sent_id = body.get("method"), body.get("params"), body.get("id")
        self.method = method if isinstance(method, str) else ""
        self.params: dict[str, Any] | None = params if isinstance(params, dict) else None
        has_id = isinstance(sent_id, str | int) and not isinstance(sent_id, bool)
        self.id: str | int | None = sent_id if has_id else None
        self.version = headers.get(VERSION_HEADER)

    @property
    def is_message(self) -> bool:
        """Whether it is a request or a notification at all."""
        is_rpc = self._body.get("jsonrpc") == "2.0" and bool(self.method)
        has_params = self.params is not None or self._body.get("params") is None
        return is_rpc and has_params and (self.is_notification or self.id is not None)

    @property
    def is_notification(self) -> bool:
        return "id" not in self._body

    @property
    def is_modern(self) -> bool:
        """Of a revision in which each request stands for itself."""
        return self.version in MODERN_PROTOCOL_VERSIONS

    @property
    def _meta(self) -> Mapping[str, Any]:
        meta = (self.params or {}).get("_meta")
        return meta if isinstance(meta, dict) else {}

    @property
    def names_a_revision_inside(self) -> bool:
        return PROTOCOL_VERSION_META_KEY in self._meta

    def missing(self) -> list[str]:
        needed = (PROTOCOL_VERSION_META_KEY, CLIENT_CAPABILITIES_META_KEY)
        return [name for name in needed if name not in self._meta]

    def contradiction(self) -> str | None:
        """The header that says something else than the body, if one does."""
        said = {VERSION_HEADER: self._meta.get(PROTOCOL_VERSION_META_KEY)}
        said[METHOD_HEADER] = self.method
        if self.method == "tools/call" and isinstance(name := (self.params or {}).get("name"), str):
            said[NAME_HEADER] = name
        return next(
            (h for h, value in said.items() if _decoded(self._headers.get(h)) != value), None
        )


def _decoded(header: str | None) -> str | None:
    found = ENCODED.fullmatch(header) if header else None
    if not found:
        return header
    try:
        return base64.b64decode(found[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
