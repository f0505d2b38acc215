"""Programs that read hosted status pages read ours: run unmodified, each in its own process."""

import json
import os
import subprocess
from pathlib import Path

from tests.clients.conftest import program

LIMIT_S = 60
STATUSCHECK = """
import json, sys
from statuscheck.services._statuspage import BaseStatusPageAPI

class Ours(BaseStatusPageAPI):
    name = "Ours"
    def _get_base_url(self):
        return sys.argv[1] + "/api/v2/"

print(json.dumps(Ours().get_summary()._asdict()))
"""
STATUSPAGE_IO = """
const {Statuspage} = require(process.argv[1] + "/node_modules/statuspage.io");
const page = new Statuspage("ours");
page.setApiUrl(process.argv[2]);
(async () => {
  const {incidents, scheduledMaintenances} = page.api;
  const got = await Promise.all([
    page.api.getSummary(), page.api.getStatus(), page.api.getComponents(),
    incidents.getAll(), incidents.getUnresolved(),
    scheduledMaintenances.getAll(), scheduledMaintenances.getUpcoming(),
    scheduledMaintenances.getActive(),
  ]);
  console.log(JSON.stringify(got));
})().catch(error => { console.error(error); process.exit(1); });
"""


def output(*command: str | Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env={"PATH": os.environ["PATH"], **(env or {})},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_checker_reads_our_summary(page_server: str) -> None:
    python = program("bin", "python")
    summary = json.loads(output(python, "-c", STATUSCHECK, page_server))
    assert {incident["name"] for incident in summary["incidents"]} == {
        "Login fails for some",
        "A notice without severity",
    }
    assert {part["name"] for part in summary["components"]} >= {"Web app", "API"}


def test_the_prometheus_exporter_turns_our_page_into_metrics(
    page_server: str, tmp_path: Path
) -> None:
    exporter = program("bin", "statuspage-prometheus-exporter")
    services = {"acme": {"url": f"{page_server}/api/v2/summary.json", "name": "Acme"}}
    (tmp_path / "services.json").write_text(json.dumps(services))
    metrics = tmp_path / "acme.prom"
    env = {
        "RUN_MODE": "once",
        "SERVICES_JSON_PATH": str(tmp_path / "services.json"),
        "METRICS_TEXTFILE_PATH": str(metrics),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [str(exporter)],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **env},
    )
    assert done.returncode == 0, done.stderr
    text = metrics.read_text()
    assert 'service_name="Acme"' in text
    assert "Login fails for some" in text
    assert "Payments were slow" not in text
    assert 'component_name="Web app"' in text


def test_the_javascript_client_reads_every_document(page_server: str) -> None:
    home = program("node_modules", "statuspage.io", "dist", "index.js").parents[3]
    answers = json.loads(output("node", "-e", STATUSPAGE_IO, home, page_server))
    # This client asks the upcoming document for all three lists of planned work.
    summary, status, components, known, unresolved, *planned = answers
    assert status["status"] == {"indicator": "critical", "description": "Major System Outage"}
    assert summary["page"]["name"] == "Acme status"
    assert len(components["components"]) >= 3
    assert len(known["incidents"]) == 3
    assert len(unresolved["incidents"]) == 2
    assert {work["name"] for work in summary["scheduled_maintenances"]} == {"Soon", "Now"}
    for listed in planned:
        assert [work["name"] for work in listed["scheduled_maintenances"]] == ["Soon"]
