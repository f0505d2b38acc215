"""From an update's commit to the new page on every worker: milliseconds, two web processes."""

import json
import os
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack

from tests.bench._database import database
from tests.bench._server import Server, serving
from tests.bench.page import HOST, fill

TIMES = int(os.environ.get("TIMES", "60"))
PAUSE_S = 0.4


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database():
            fill()
            print(json.dumps(measure()))


def measure() -> dict[str, float | str]:
    with ExitStack() as stack:
        # One worker each, so that every one of them can be asked.
        workers = [
            stack.enter_context(serving("atender.wsgi:application", host=HOST, workers=1))
            for _ in range(2)
        ]
        time.sleep(5)
        took = [publish(workers, number) for number in range(TIMES)]
    return {
        "scenario": "publish",
        "p50_ms": round(statistics.median(took), 1),
        "p99_ms": round(statistics.quantiles(took, n=100)[-1], 1),
    }


def publish(workers: list[Server], number: int) -> float:
    """Post an update and return how long the slowest worker took to show it."""
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from incidents.lifecycle import post_update  # noqa: PLC0415
    from incidents.models import Incident  # noqa: PLC0415
    from incidents.transitions import Saying  # noqa: PLC0415
    from tests.factories import STAFF  # noqa: PLC0415

    text = f"What we know at the moment number {number}."
    with in_tenant("bench"):
        incident = Incident.objects.open().latest("id")
        post_update(incident, by=STAFF, saying=Saying(body=text))
    committed = time.perf_counter()
    shown: list[float] = []

    def watch(worker: Server) -> None:
        while text.encode() not in worker.get():
            time.sleep(0.002)
        shown.append(time.perf_counter())

    threads = [threading.Thread(target=watch, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(PAUSE_S)
    return (max(shown) - committed) * 1000


if __name__ == "__main__":
    main()
