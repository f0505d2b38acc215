"""The calls of three published documents on incidents, replayed over a real socket.

Development data: the shapes of calls and answers as the documentation of Kener (Incidents), of
SiteQwality (Incidents) and of YipYap (Incidents) has them; only host, key and ids are replaced. Set
`ATENDER_DOCUMENTS` to a folder with the documents' own texts to have the calls read from there too.
"""

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from atender.tenants.context import in_tenant
from incidents.models import Incident
from monitors.models import Monitor
from tests.factories import default_page, make_incident, make_key
from tests.live import serving

YIPYAP_INCIDENT = {
    "id", "org_id", "title", "status", "severity", "started_at", "resolved_at", "created_by",
    "monitor_ids", "status_page_ids", "updates", "created_at", "updated_at",
}  # fmt: skip
YIPYAP_UPDATE = {"id", "user_id", "user_email", "status", "body", "public", "created_at"}
SITEQWALITY_INCIDENT = {
    "title", "severity", "status", "responder_status", "acknowledged_at", "acknowledged_by",
    "affected_http_job_ids", "service_id", "status_page_id", "updates", "auto_created",
    "resolved_at",
}  # fmt: skip
FOLDER = os.environ.get("ATENDER_DOCUMENTS", "")


@dataclass
class Program:
    """A program with a key, and the ids that it would have."""

    base: str
    key: str
    page_id: str
    monitor_id: str

    def call(self, method: str, path: str, body: str | dict[str, Any] | None = None) -> Any:
        headers = {"Host": "acme.localhost", "Authorization": f"Bearer {self.key}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        text = json.dumps(body) if isinstance(body, dict) else body
        return httpx2.request(method, self.base + path, headers=headers, content=text, timeout=30)

    def page(self) -> str:
        shown = httpx2.get(self.base + "/", headers={"Host": "status.acme.localhost"}, timeout=30)
        return str(shown.text)


@pytest.fixture
def program(fresh_database: str) -> Iterator[Program]:
    with in_tenant("acme"), serving() as base:
        yield Program(base, make_key(), default_page().id, Monitor.objects.get().id)


def test_kener(program: Program) -> None:
    body = {
        "title": "API Latency Issues",
        "status": "investigating",
        "impact": "minor",
        "message": "We are investigating increased API response times.",
    }
    opened = program.call("POST", "/api/incidents", body)
    assert opened.status_code == 201, opened.text
    assert opened.json() | body == opened.json()
    assert "increased API response times" in program.page()
    said = {"status": "identified", "message": "Root cause identified. Working on a fix."}
    path = f"/api/incidents/{opened.json()['id']}/updates"
    updated = program.call("POST", path, said)
    assert updated.status_code == 201
    assert updated.json() | said == updated.json()
    assert "Root cause identified" in program.page()


@pytest.mark.parametrize("impact", ["none", "minor", "major", "critical"])
def test_kener_impacts(program: Program, impact: str) -> None:
    answer = program.call("POST", "/api/incidents", {"title": "API slow", "impact": impact}).json()
    assert answer["impact"] == impact
    assert Incident.objects.get().severity == (None if impact == "none" else impact)


def test_kener_planned_work(program: Program) -> None:
    body = {
        "title": "Database Maintenance",
        "scheduledStart": "2024-01-15T02:00:00Z",
        "scheduledEnd": "2024-01-15T04:00:00Z",
        "impact": "minor",
        "message": "Scheduled database maintenance. Expect brief interruptions.",
    }
    answer = program.call("POST", "/api/incidents", body)
    assert answer.status_code == 201, answer.text
    assert answer.json() | body == answer.json()
    assert Incident.objects.get().kind == "maintenance"


def test_siteqwality(program: Program) -> None:
    body = {
        "title": "Elevated 5xx errors on /api/checkout",
        "severity": "major",
        "affected_http_job_ids": [program.monitor_id],
    }
    internal = program.call("POST", "/incident", body)
    assert internal.status_code == 201, internal.text
    assert set(internal.json()) >= SITEQWALITY_INCIDENT
    assert internal.json() | body == internal.json()
    assert "Elevated 5xx" not in program.page()
    shown = program.call("POST", f"/status_page/{program.page_id}/incident", body)
    assert shown.status_code == 201
    answer = shown.json()
    assert (answer["status_page_id"], answer["auto_created"]) == (program.page_id, False)
    assert (answer["status"], answer["responder_status"]) == ("investigating", "triggered")
    assert "Elevated 5xx" in program.page()


def yipyap_body(program: Program) -> dict[str, Any]:
    return {
        "title": "Checkout latency degradation",
        "severity": "major",
        "status": "investigating",
        "started_at": "2026-04-24T17:42:00Z",
        "monitor_ids": [program.monitor_id],
        "status_page_ids": [program.page_id],
        "initial_update": {
            "body": "We are investigating elevated latency on the checkout path.",
            "public": True,
        },
    }


def test_yipyap_document(program: Program) -> None:
    body = yipyap_body(program)
    opened = program.call("POST", "/api/v1/incidents", body)
    assert opened.status_code == 201, opened.text
    incident = opened.json()
    assert set(incident) >= YIPYAP_INCIDENT
    sent = {name: value for name, value in body.items() if name != "initial_update"}
    assert incident | sent == incident
    assert incident["resolved_at"] is None
    (update,) = incident["updates"]
    assert set(update) >= YIPYAP_UPDATE
    assert update | body["initial_update"] == update
    assert update["status"] == "investigating"


def test_yipyap_table_of_calls(program: Program) -> None:
    incident = program.call("POST", "/api/v1/incidents", yipyap_body(program)).json()
    path = f"/api/v1/incidents/{incident['id']}"
    said = {
        "status": "identified",
        "body": "We've identified a bad deploy and are rolling back now. ETA 5 min.",
        "public": True,
    }
    update = program.call("POST", f"{path}/updates", said)
    assert update.status_code == 201
    assert update.json() | said == update.json()
    (row,) = program.call("GET", "/api/v1/incidents?status=active").json()["data"]
    assert (row["monitor_ids"], row["status_page_ids"]) == (
        [program.monitor_id],
        [program.page_id],
    )
    assert program.call("GET", path).json()["status"] == "identified"
    edited = program.call("PATCH", f"{path}/updates/{update.json()['id']}", {"public": False})
    assert edited.json()["public"] is False
    assert "bad deploy" not in program.page()
    resolved = program.call("PATCH", path, {"status": "resolved"}).json()
    assert resolved["resolved_at"]
    assert resolved["updates"][-1]["status"] == "resolved"
    assert program.call("GET", "/api/v1/incidents").json()["data"] == []
    assert program.call("DELETE", f"{path}/updates/{update.json()['id']}").status_code == 204
    assert program.call("DELETE", path).status_code == 204
    assert program.call("GET", path).status_code == 404


def test_yipyap_scopes(program: Program) -> None:
    """`incidents` suffices for everything but deleting, which is for admins."""
    program.key = make_key("incidents")
    incident = program.call("POST", "/api/v1/incidents", yipyap_body(program)).json()
    path = f"/api/v1/incidents/{incident['id']}"
    update_path = f"{path}/updates/{incident['updates'][0]['id']}"
    assert program.call("GET", "/api/v1/incidents?status=all").status_code == 200
    assert program.call("GET", path).status_code == 200
    assert program.call("PATCH", path, {"severity": "minor"}).status_code == 200
    assert program.call("PATCH", update_path, {"body": "Edited."}).status_code == 200
    assert program.call("POST", f"{path}/updates", {"status": "monitoring"}).status_code == 201
    for doomed in (update_path, path):
        refused = program.call("DELETE", doomed)
        assert refused.status_code == 403
        assert refused.headers["Content-Type"] == "application/problem+json"


def test_an_outages_severity_of_planned_work_is_told_what_fits(program: Program) -> None:
    body = {"title": "Checkout", "severity": "minor", "status": "maintenance"}
    refused = program.call("POST", "/api/v1/incidents", body)
    assert refused.status_code == 422
    assert refused.json()["detail"] == (
        "'minor' is no severity of a maintenance; it is maintenance, or null."
    )


@pytest.mark.parametrize("severity", ["minor", "major", "critical", "maintenance"])
def test_yipyap_severities(program: Program, severity: str) -> None:
    body = {"title": "Checkout", "severity": severity}
    assert program.call("POST", "/api/v1/incidents", body).json()["severity"] == severity


CURL = re.compile(r"curl -X (\w+) \S+?//[^/\s]+(/api/incidents\S*) \\\n(?:.*\\\n)*?  -d ('[^']*')")


@pytest.mark.skipif(not FOLDER, reason="ATENDER_DOCUMENTS names no folder with the documents")
def test_the_curl_calls_of_the_documents_themselves(program: Program) -> None:
    calls = [call for file in Path(FOLDER).glob("*.txt") for call in CURL.findall(file.read_text())]
    assert len(calls) >= 2
    known = make_incident(components=(), pages=()).id
    for method, path, quoted in calls:
        (body,) = shlex.split(quoted)
        answer = program.call(method, path.replace("/123/", f"/{known}/"), body)
        assert answer.status_code == 201, answer.text
        assert answer.json() | json.loads(body) == answer.json()
