"""What ten thousand domains cost: to know, to look up, to answer for, and to change one."""

import json
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from tests.bench._database import database

FEW = 10
LOOKS = 20_000
ROUNDS = 5
FILL = """
INSERT INTO tenants_domain (tenant_id, page_id, domain, kind, is_primary, claim_id, token)
SELECT tenant_id, page_id, 'status.customer-' || n || '.example', 'page', false,
       public.uuid_v7(), 'bench'
FROM tenants_domain, generate_series(%s, %s) AS n WHERE domain = 'status.bench.localhost'
"""


def main() -> None:
    wanted = int(os.environ.get("DOMAINS", "10000"))
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ["ATENDER_HOME"] = home
        with database():
            print(json.dumps(measure(wanted)))


def measure(wanted: int) -> dict[str, float | int | str]:
    """Ratios compare all domains with ten.

    A process reads all hosts in `load_ms` as it starts, in `change_ms` after a change of one, and
    writes them down in `keep_ms`.
    """
    from django.db import connection  # noqa: PLC0415

    from atender.tenants.addresses import keep_addresses  # noqa: PLC0415
    from atender.tenants.directory import address_of, read_addresses  # noqa: PLC0415
    from atender.tenants.internal import PATH, answer  # noqa: PLC0415
    from atender.tenants.middleware import host_in  # noqa: PLC0415
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415

    def forget_and_read() -> None:
        address_of.cache_clear()
        read_addresses()

    create_tenant("bench", name="Bench")

    def fill(first: int, last: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(FILL, [first, last])
        return read_addresses()

    def looks_us(addresses: Any, last: int) -> float:
        names = [f"status.customer-{1 + n * 7919 % last}.example" for n in range(LOOKS)]
        return best_us(lambda: [addresses.get(host_in(name)) for name in names])

    def asks_us(addresses: Any, last: int) -> float:
        targets = [
            f"{PATH}?domain=status.customer-{1 + n * 7919 % last}.example" for n in range(LOOKS)
        ]
        return best_us(lambda: [answer(target, addresses) for target in targets])

    few = fill(1, FEW)
    few_look, few_ask = looks_us(few, FEW), asks_us(few, FEW)
    tracemalloc.start()
    many = fill(FEW + 1, wanted)
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(many) >= wanted
    many_look, many_ask = looks_us(many, wanted), asks_us(many, wanted)
    return {
        "scenario": "domains",
        "domains": wanted,
        "lookup_us": round(many_look, 3),
        "lookup_ratio": round(many_look / few_look, 2),
        "ask_us": round(many_ask, 2),
        "ask_ratio": round(many_ask / few_ask, 2),
        "load_ms": ms(forget_and_read),
        "change_ms": ms(read_addresses),
        "keep_ms": ms(lambda: keep_addresses(many)),
        "memory_mb": round(memory / 1e6, 1),
    }


def best_us(looks: Callable[[], object]) -> float:
    """Microseconds a look, in the quickest of some rounds."""
    return min(timed(looks) for _ in range(ROUNDS)) / LOOKS * 1e6


def ms(work: Callable[[], object]) -> float:
    return round(statistics.median(timed(work) for _ in range(ROUNDS)) * 1000, 1)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
