"""What a visit costs: 30 components with 90-day bars, three open incidents, 32 connections.

Behind the page are 1.3 million checks of its monitors; what making it anew costs is measured before
they are there as well.
"""

import json
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.bench._database import database
from tests.bench._server import Server, serving

ROUNDS = 3
SECONDS = int(os.environ.get("SECONDS_A_ROUND", "4"))
HOST = "status.bench.localhost"
CHECKS, RENDERINGS = int(os.environ.get("CHECKS", "1300000")), 40
# One every 16 seconds of eight days, for each of thirty monitors.
ADD_CHECKS = """
INSERT INTO monitors_check (monitor_id, region, verdict, error_code, latency_ms, checked_at)
SELECT monitor.id, 'main', CASE n %% 500 WHEN 0 THEN 'down' ELSE 'up' END, '', 40 + n %% 100,
       now() - n * interval '16 seconds'
FROM monitors_monitor AS monitor, generate_series(1, %s) AS n
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        # The settings of the demo, whose static files are collected fast.
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database():
            fill()
            without = rendering_ms()
            behind = {"checks": add_checks(), "render_ms": rendering_ms()}
            print(json.dumps({**measure(Path(home)), **behind, "render_ms_no_checks": without}))


def rendering_ms() -> float:
    """What making the page anew takes past the edge: the least, since neighbours only add to it."""
    from django.test import Client  # noqa: PLC0415 - needs the settings

    client = Client(HTTP_HOST=HOST)
    took = []
    for _ in range(RENDERINGS):
        started = time.perf_counter()
        assert client.get("/").status_code == 200
        took.append(time.perf_counter() - started)
    return round(min(took) * 1000, 1)


def measure(home: Path) -> dict[str, float | int | str | None]:
    """Drive both servers in turns, at equal bytes; then ask for what is known already."""
    with serving("atender.wsgi:application", host=HOST) as ours:
        body = ours.get()
        (home / "body.html").write_bytes(body)
        with serving(
            "tests.bench._bare:application", host=HOST, BENCH_BODY=str(home / "body.html")
        ) as bare:
            for server in (ours, bare):
                server.warm_up()
            for _ in range(ROUNDS):
                ours.load(SECONDS)
                bare.load(SECONDS)
            figured = figures(ours, bare)
            small = len(ours.ask(**{"Accept-Encoding": "br"})[0])
            ours.requests, ours.seconds = 0, 0.0
            ours.load(SECONDS, f"If-None-Match: {ours.ask()[1]}")
            return {
                "scenario": "page",
                **figured,
                "not_modified_rps": round(ours.rps, 1),
                "bytes_identity": len(body),
                "bytes_br": small,
            }


def figures(ours: Server, bare: Server) -> dict[str, float]:
    return {
        "rps": round(ours.rps, 1),
        "bare_rps": round(bare.rps, 1),
        "ratio": round(ours.rps / bare.rps, 4),
        "cpu_us": round(ours.cpu_us / ours.requests, 1),
        "bare_cpu_us": round(bare.cpu_us / bare.requests, 1),
        "p99_ms": round(max(ours.p99_ms), 1),
    }


def fill() -> None:
    """A tenant whose page has thirty components and three months of history."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings
    from django.utils import timezone  # noqa: PLC0415

    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415
    from incidents.catalogue.components import add_component, add_group  # noqa: PLC0415
    from incidents.models import Component  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    create_tenant("bench", name="Bench")
    with in_tenant("bench"):
        from tests.factories import STAFF  # noqa: PLC0415

        groups = [add_group(f"Group {number + 1}", by=STAFF) for number in range(5)]
        for number in range(30):
            add_component(f"Component {number + 1}", by=STAFF, group=groups[number // 6])
        Component.objects.update(started_at=timezone.now() - timedelta(days=400))
        write_history()


def add_checks() -> int:
    """Let a monitor with days of checks watch each component; returns how many checks there are."""
    from django.db import connection  # noqa: PLC0415

    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from incidents.catalogue.watching import watch_components  # noqa: PLC0415
    from incidents.models import Component  # noqa: PLC0415
    from monitors.catalogue import add_monitor  # noqa: PLC0415
    from tests.factories import STAFF  # noqa: PLC0415

    with in_tenant("bench"):
        components = list(Component.objects.all())
        for component in components:
            monitor = add_monitor(f"Monitor of {component.name}", by=STAFF)
            watch_components(monitor, [component], by=STAFF)
        with connection.cursor() as cursor:
            cursor.execute(ADD_CHECKS, [-(-CHECKS // len(components))])
            added = int(cursor.rowcount)
            cursor.execute("ANALYZE")
    return added


def write_history() -> None:
    """Thirty incidents that are over, spread unevenly over 90 days, and three that are open."""
    from django.utils import timezone  # noqa: PLC0415

    from incidents.lifecycle import post_update  # noqa: PLC0415
    from incidents.transitions import Saying  # noqa: PLC0415
    from tests.factories import STAFF, make_incident  # noqa: PLC0415

    now = timezone.now()
    for number in range(30):
        start = now - timedelta(days=88 - 3 * number + number % 2, hours=number * 7 % 20)
        touched = tuple(f"Component {(number * k) % 30 + 1}" for k in (1, 3))
        incident = make_incident(
            f"Trouble of day {number}",
            severity=("minor", "major", "critical")[number % 3],
            components=touched,
            at=start,
        )
        saying = Saying(body="It works again as before.", status="resolved")
        post_update(
            incident, by=STAFF, saying=saying, at=start + timedelta(minutes=5 + number * 12)
        )
    for number in range(3):
        incident = make_incident(f"Open trouble {number}", components=(f"Component {number + 1}",))
        for status in ("identified", "monitoring"):
            saying = Saying(body="We say what we know and when we say more.", status=status)
            post_update(incident, by=STAFF, saying=saying)
