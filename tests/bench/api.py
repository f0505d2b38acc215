"""The REST API: incidents a second, and what a list costs beside 100 and beside 100,000 of them."""

import http.client
import json
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from tests.bench._database import database
from tests.bench._server import Server, serving

FEW = 100
MANY = int(os.environ.get("INCIDENTS", "100000"))
# As many as a page of the list shows stay open.
OPEN = 60
ROUNDS = 400
WRITERS = 4
CREATED = 400
LISTS = {"list": "/api/v1/incidents?status=all", "active": "/api/v1/incidents"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        # The settings of the demo: static files are collected fast, and requests are counted with
        # a quota that a benchmark does not use up.
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database():
            measure()


def measure() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    call_command("collectstatic", interactive=False, verbosity=0)
    keys = {name: fill(name, size) for name, size in (("few", FEW), ("many", MANY))}
    figures = {"scenario": "api", "incidents": MANY, "queries_per_list": queries(keys["many"])}
    with serving("atender.wsgi:application", host="many.localhost", path="/healthz") as server:
        print(json.dumps({**figures, **lists(server, keys), **creation(server, keys["many"])}))


def lists(server: Server, keys: dict[str, str]) -> dict[str, float]:
    """Ask both tenants in turns, as one program on one connection."""
    figures: dict[str, float] = {}
    for name, path in LISTS.items():
        times: dict[str, list[float]] = {"few": [], "many": []}
        line = http.client.HTTPConnection("127.0.0.1", server.port)
        for turn in range(ROUNDS + 50):
            for tenant, key in keys.items():
                started = time.perf_counter()
                ask(line, "GET", path, tenant, key)
                if turn >= 50:
                    times[tenant].append((time.perf_counter() - started) * 1000)
        few, many = (statistics.quantiles(times[tenant], n=20)[-1] for tenant in ("few", "many"))
        figures |= {
            f"{name}_p95_ms": round(many, 1),
            f"{name}_p95_ms_with_{FEW}": round(few, 1),
            f"{name}_ratio": round(many / few, 2),
        }
    return figures


def creation(server: Server, key: str) -> dict[str, float]:
    """Have four programs open incidents on a page at once, each with its first update."""
    body = json.dumps(
        {
            "title": "Checkout latency degradation",
            "severity": "major",
            "initial_update": {"body": "We are investigating slow answers of the checkout."},
        }
    )

    def write(_number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port)
        for _ in range(CREATED // WRITERS):
            ask(line, "POST", "/api/v1/incidents", "many", key, body)

    write(0)
    started = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    return {"create_per_s": round(CREATED / (time.perf_counter() - started), 1)}


def ask(
    line: http.client.HTTPConnection, method: str, path: str, tenant: str, key: str, body: str = ""
) -> None:
    headers = {
        "Host": f"{tenant}.localhost",
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
    }
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {answer.read()[:300]!r}")
    answer.read()


def queries(key: str) -> int:
    """Count every statement of one list, the choice of the schema among them."""
    from django.db import connection  # noqa: PLC0415 - needs the settings
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client(HTTP_HOST="many.localhost", headers={"authorization": f"Bearer {key}"})
    client.get(LISTS["list"])
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LISTS["list"]).status_code == 200
    return len(captured)


def fill(schema: str, size: int) -> str:
    """Make a tenant with `size` incidents of three updates each; returns a key of its."""
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415

    create_tenant(schema, name=schema.title())
    with in_tenant(schema):
        from incidents.catalogue.components import add_component  # noqa: PLC0415
        from tests.factories import STAFF, make_key  # noqa: PLC0415

        add_component("API", by=STAFF)
        copy(written(["identified", "monitoring", "resolved"]), size - OPEN)
        copy(written(["identified"]), OPEN)
        return make_key()


def written(statuses: list[str]) -> Any:
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from incidents.lifecycle import post_update  # noqa: PLC0415
    from incidents.transitions import Saying  # noqa: PLC0415
    from tests.factories import STAFF, make_incident  # noqa: PLC0415

    # Long ago, so that no page shows a hundred thousand recent ones.
    at = timezone.now() - timedelta(days=300)
    incident = make_incident(at=at)
    for status in statuses:
        at += timedelta(minutes=10)
        saying = Saying(body="We say what we know and when we say more.", status=status)
        post_update(incident, by=STAFF, saying=saying, at=at)
    return incident


def copy(incident: Any, times: int) -> None:
    """Write an incident again and again, with all that hangs on it."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from atender.ids import ulid_uuid  # noqa: PLC0415
    from incidents.models import ComponentImpact, IncidentUpdate, Publication  # noqa: PLC0415

    with connection.cursor() as cursor:
        columns = columns_of(type(incident), "id")
        cursor.execute(
            "CREATE TEMP TABLE made (id uuid);"
            f" WITH new AS (INSERT INTO incidents_incident ({columns}) SELECT {columns}"
            " FROM incidents_incident, generate_series(2, %(times)s) WHERE id = %(id)s"
            " RETURNING id) INSERT INTO made SELECT id FROM new",
            {"times": times, "id": ulid_uuid(incident.pk)},
        )
        for model in (ComponentImpact, IncidentUpdate, Publication):
            table, rest = model._meta.db_table, columns_of(model, "id", "incident_id")
            cursor.execute(
                f"INSERT INTO {table} (incident_id, {rest}) SELECT made.id, {rest}"
                f" FROM {table} CROSS JOIN made WHERE incident_id = %(id)s",
                {"id": ulid_uuid(incident.pk)},
            )
        cursor.execute("DROP TABLE made")
        cursor.execute("ANALYZE")


def columns_of(model: Any, *without: str) -> str:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return ", ".join(f'"{f.column}"' for f in fields if f.column not in without)


if __name__ == "__main__":
    main()
