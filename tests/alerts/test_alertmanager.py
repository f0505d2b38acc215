"""Prometheus' own Alertmanager posts to a source, for as long as it likes."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from alerts.inbound.sources import add_source
from alerts.lifecycle import acknowledge
from alerts.models import Alert, InboundSource
from atender.tenants.context import in_public, in_tenant
from atender.tenants.directory import directory
from atender.tenants.models import Domain, HostKind, Tenant
from tests.alerts.making import kinds_of
from tests.factories import STAFF
from tests.live import serving
from tests.ports import free_port

CONFIGURATION = """\
route:
  receiver: atender
  group_by: ["..."]
  group_wait: 0s
  group_interval: 200ms
  repeat_interval: 200ms
receivers:
  - name: atender
    webhook_configs:
      - url: {url}
        send_resolved: true
"""


@contextmanager
def alertmanager(home: Path, url: str) -> Iterator[str]:
    """Run it with one receiver; yields its address."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        if os.environ.get("ATENDER_ALERTMANAGER_TESTS") == "required":
            pytest.fail("Alertmanager is not installed, and its tests are required.")
        pytest.skip("Alertmanager is not installed")
    (home / "alertmanager.yml").write_text(CONFIGURATION.format(url=url))
    port = free_port()
    running = subprocess.Popen(
        [
            program,
            f"--config.file={home}/alertmanager.yml",
            f"--storage.path={home}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(120)


def until(condition: Callable[[], Any], limit_s: float = 60) -> Any:
    ends_at = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < ends_at, "it did not happen in time"
        time.sleep(0.05)
    return found


def say(base: str, *, ends_at: datetime) -> bool:
    """Hand it an alert, as Prometheus does; False while it does not listen yet."""
    alert = {
        "labels": {"alertname": "DiskFull", "instance": "db-3:9100", "severity": "critical"},
        "annotations": {"summary": "Disk of db-3 is full in 4 hours"},
        "startsAt": "2026-11-28T03:14:22Z",
        "endsAt": ends_at.isoformat(),
        "generatorURL": "http://prometheus.example:9090/graph",
    }
    headers = {"content-type": "application/json"}
    sent = Request(f"{base}/api/v2/alerts", json.dumps([alert]).encode(), headers)
    try:
        with urlopen(sent, timeout=60) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


def make_source() -> InboundSource:
    """A source of Acme's, whose console answers under a host that needs no name server."""
    with in_public():
        acme = Tenant.objects.get(schema_name="acme")
        Domain.objects.create(domain="127.0.0.1", tenant=acme, kind=HostKind.CONSOLE)
    directory.expire()
    return add_source("Production", "alertmanager", by=STAFF)


@pytest.mark.usefixtures("fresh_database")
def test_it_fires_resends_and_resolves(tmp_path: Path) -> None:
    with in_tenant("acme"), serving() as base:
        source = make_source()
        with alertmanager(tmp_path, base + source.path) as prometheus:
            now = datetime.now(UTC)
            until(lambda: say(prometheus, ends_at=now + timedelta(hours=1)))
            alert = until(Alert.objects.first)
            assert (alert.summary, alert.severity) == (
                "Disk of db-3 is full in 4 hours",
                "critical",
            )
            acknowledge(alert, by=STAFF)
            say(prometheus, ends_at=datetime.now(UTC) - timedelta(seconds=1))
            until(lambda: not Alert.objects.open().exists())
        assert kinds_of(Alert.objects.get()) == ["triggered", "acknowledged", "resolved"]
