"""One prober against a local server that answers at once: checks a second, megabytes.

In the same run, beside it: requests one by one with a plain client, which is the simple way, and a
bare asyncio client that keeps and judges nothing, which is the limit.
"""

import asyncio
import http.client
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
WARM_S, SECONDS = 5, int(os.environ.get("SECONDS", "20"))
# How long the others are measured, before and after; and how many a prober has under way.
BESIDE_S, AT_ONCE = 3, 500
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
            port = int(server.stdout.readline())
            before = _beside(port)
            figures = _measure(port)
            after = _beside(port)
        finally:
            server.kill()
            server.wait()
    figures |= {name: round((n + after[name]) / 2, 2) for name, n in before.items()}
    ours = figures["checks_per_s"]
    figures["times_one_by_one"] = round(ours / figures["one_by_one_per_s"], 2)
    figures["of_the_limit"] = round(ours / figures["bare_asyncio_per_s"], 2)
    cpu = figures["bare_asyncio_cpu_ms"] / figures["cpu_ms_per_check"]
    figures["cpu_of_the_limit"] = round(cpu, 2)
    print(json.dumps({"scenario": "checks", "monitors": MONITORS, **figures}))


def _beside(port: int) -> dict[str, float]:
    used = time.process_time()
    one_by_one, began = _one_by_one(port), time.process_time()
    bare = asyncio.run(_bare(port))
    return {
        "one_by_one_per_s": one_by_one,
        "one_by_one_cpu_ms": (began - used) * 1000 / (one_by_one * BESIDE_S),
        "bare_asyncio_per_s": bare,
        "bare_asyncio_cpu_ms": (time.process_time() - began) * 1000 / (bare * BESIDE_S),
    }


def _one_by_one(port: int) -> float:
    began, done = time.monotonic(), 0
    while time.monotonic() - began < BESIDE_S:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", f"/{done % MONITORS}")
        assert connection.getresponse().read() == b"ok\n"
        connection.close()
        done += 1
    return done / (time.monotonic() - began)


async def _bare(port: int) -> float:
    began, done = time.monotonic(), 0

    async def ask() -> None:
        nonlocal done
        while time.monotonic() - began < BESIDE_S:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /{done % MONITORS} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            assert (await reader.read()).endswith(b"ok\n")
            writer.close()
            done += 1

    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return done / (time.monotonic() - began)


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
        try:
            prober.wait(30)
        except subprocess.TimeoutExpired:
            prober.kill()
            raise


def _watch(port: int) -> None:
    from atender.actors import OPERATOR  # noqa: PLC0415
    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415
    from monitors.catalogue import add_monitor  # noqa: PLC0415
    from monitors.configs.watching import Watch  # noqa: PLC0415

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
