"""A local server that speaks PagerDuty's Events API v2 and keeps what becomes of each incident."""

import json
from typing import Any, Self

from tests.web_server import Request, WebServer, reply

KEY = "0123456789abcdef0123456789abcdef"
SEVERITIES = ("critical", "error", "warning", "info")
AFTER = {"trigger": "triggered", "acknowledge": "acknowledged", "resolve": "resolved"}


class PagerDuty:
    """`incidents` are their states by key; `events` what was taken, in order."""

    def __init__(self) -> None:
        self.incidents: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.server = WebServer(self._answer)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__()

    @property
    def integration_url(self) -> str:
        return f"{self.server.base}/integration/{KEY}/enqueue"

    @property
    def actions(self) -> list[str]:
        return [str(event["event_action"]) for event in self.events]

    def _answer(self, request: Request) -> bytes:
        event = json.loads(request.body)
        wrong = _wrong(request, event)
        if wrong:
            self.refused.append(wrong)
            return _said(400, {"status": "invalid event", "errors": [wrong]})
        key, action = event["dedup_key"], event["event_action"]
        # What was never triggered cannot be acknowledged or resolved; it is taken all the same.
        if action == "trigger" or self.incidents.get(key) not in (None, "resolved"):
            self.incidents[key] = AFTER[action]
        self.events.append(event)
        done = {"status": "success", "message": "Event processed", "dedup_key": key}
        return _said(202, done)


def _wrong(request: Request, event: Any) -> str:
    if (request.method, request.target) != ("POST", "/v2/enqueue"):
        return "no such endpoint"
    if event.get("routing_key") != KEY:
        return "'routing_key' is unknown"
    if event.get("event_action") not in AFTER:
        return "'event_action' is invalid"
    if not 0 < len(event.get("dedup_key", "")) <= 255:
        return "'dedup_key' is invalid"
    if event["event_action"] != "trigger":
        return ""
    payload = event.get("payload", {})
    missing = [name for name in ("summary", "source", "severity") if not payload.get(name)]
    if missing or payload["severity"] not in SEVERITIES or len(payload["summary"]) > 1024:
        return "'payload' is missing or blank"
    return ""


def _said(status: int, body: dict[str, Any]) -> bytes:
    return reply(json.dumps(body).encode(), status=status, Content_Type="application/json")
