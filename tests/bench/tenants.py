"""What a tenant costs: to create, to leave alone, to serve beside many others."""

import json
import os
import statistics
import time

from tests.bench._database import database

FIRST = 10
REQUESTS = 300


def main() -> None:
    wanted = int(os.environ.get("TENANTS", "200"))
    with database():
        print(json.dumps(measure(wanted)))


def measure(wanted: int) -> dict[str, float | int | str]:
    """Create tenants and time them; `request_ratio` compares a page with all over one with ten."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from atender.tenants.provisioning import create_tenant, prepare_database  # noqa: PLC0415

    def create(number: int) -> float:
        started = time.perf_counter()
        create_tenant(f"bench_{number}", name=f"Bench {number}")
        return time.perf_counter() - started

    def request_s() -> float:
        client = Client(HTTP_HOST="status.bench-1.localhost")
        assert client.get("/").status_code == 200
        times = []
        for _ in range(REQUESTS):
            started = time.perf_counter()
            client.get("/")
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    def size_mb() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database()) / 1e6")
            return float(cursor.fetchone()[0])

    empty_mb = size_mb()
    times = [create(number) for number in range(FIRST)]
    with_few = request_s()
    times += [create(number) for number in range(FIRST, wanted)]
    with_all = request_s()
    started = time.perf_counter()
    prepare_database()
    noop = time.perf_counter() - started
    return {
        "scenario": "tenants",
        "tenants": wanted,
        "create_p50_s": round(statistics.median(times), 4),
        "create_p99_s": round(sorted(times)[int(len(times) * 0.99) - 1], 4),
        "noop_migrate_s": round(noop, 3),
        "request_ms": round(with_all * 1000, 2),
        "request_ratio": round(with_all / with_few, 3),
        "mb_per_tenant": round((size_mb() - empty_mb) / wanted, 2),
    }
