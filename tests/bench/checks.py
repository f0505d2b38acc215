"""One prober against a local server that answers at once: checks a second, megabytes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.bench._database import database

ROOT = Path(__file__).resolve().parents[2]
MONITORS = int(os.environ.get("MONITORS", "5000"))
# Due again at once, so that the prober and not the interval is what is measured.
INTERVAL_S = 5
WARM_S, SECONDS = 5, 20
SERVER = """
import asyncio
ANSWER = b"HTTP/1.1 200 OK\\r\\ncontent-length: 3\\r\\nconnection: close\\r\\n\\r\\nok\\n"
async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(ANSWER)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def main() -> None:
    with database():
        server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            figures = _measure(int(server.stdout.readline()))
        finally:
            server.kill()
            server.wait()
    print(json.dumps({"scenario": "checks", "monitors": MONITORS, **figures}))


def _measure(port: int) -> dict[str, float]:
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from monitors.models import Check  # noqa: PLC0415

    _watch(port)
    prober = subprocess.Popen(
        [sys.executable, "manage.py", "probe", "--region", "bench"],
        cwd=ROOT,
        env={**os.environ, "ATENDER_ALLOW_PRIVATE_TARGETS": "1"},
    )
    try:
        time.sleep(WARM_S)
        with in_tenant("bench"):
            before, started, used = Check.objects.count(), time.monotonic(), _cpu_s(prober.pid)
            time.sleep(SECONDS)
            checks, took_s = Check.objects.count() - before, time.monotonic() - started
            failed = Check.objects.exclude(verdict="up").count()
        return {
            "checks_per_s": round(checks / took_s, 1),
            "cpu_ms_per_check": round((_cpu_s(prober.pid) - used) * 1000 / max(checks, 1), 2),
            "memory_mb": _memory_mb(prober.pid),
            "failed": failed,
        }
    finally:
        prober.send_signal(signal.SIGTERM)
        prober.wait(30)


def _watch(port: int) -> None:
    from atender.actors import OPERATOR  # noqa: PLC0415
    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415
    from monitors.catalogue import add_monitor  # noqa: PLC0415
    from monitors.watching import Watch  # noqa: PLC0415

    create_tenant("bench", name="Bench")
    with in_tenant("bench"):
        for number in range(MONITORS):
            url = f"http://127.0.0.1:{port}/{number}"
            watch = Watch(url=url, interval_s=INTERVAL_S)
            add_monitor(f"monitor {number}", by=OPERATOR, watch=watch)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return round(int(line.split()[1]) / 1024, 1)
