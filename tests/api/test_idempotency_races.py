"""One `Idempotency-Key` at the same time, and processes that die in between."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction

from atender.tenants.context import connection, in_tenant
from incidents.models import Incident
from tests.api.test_idempotency import URL, send
from tests.conftest import api_client
from tests.factories import make_incident, make_key

BLOCKED = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def incident(fresh_database: str) -> Iterator[Incident]:
    with in_tenant("acme"):
        yield make_incident()


def post(key: str, incident: Incident, body: str = "Still looking.") -> Any:
    try:
        return send(api_client(key), "a", f"{URL}/{incident.id}/updates", body=body)
    finally:
        connection.close()


def blocked() -> int:
    """Wait until a request waits for a lock of this test's; returns its process in PostgreSQL."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if row := cursor.fetchone():
                return int(row[0])
        time.sleep(0.02)
    raise AssertionError("Nothing waits.")


def hold(incident: Incident) -> None:
    Incident.objects.select_for_update().get(pk=incident.pk)


def test_while_the_first_runs_the_second_is_told_to_wait(
    incident: Incident, elsewhere: ThreadPoolExecutor
) -> None:
    key = make_key()
    with transaction.atomic():
        hold(incident)
        first = elsewhere.submit(post, key, incident)
        blocked()
        second = send(api_client(key), "a", f"{URL}/{incident.id}/updates", body="Still looking.")
        assert second.status_code == 409
        assert second["Retry-After"] == "1"
        assert "still running" in second.json()["detail"]
    assert first.result(10).status_code == 201
    assert post(key, incident)["Idempotent-Replayed"] == "true"
    with in_tenant("acme"):
        assert incident.updates.count() == 2


def test_what_dies_in_between_leaves_the_key_free(
    incident: Incident, elsewhere: ThreadPoolExecutor
) -> None:
    key = make_key()
    with transaction.atomic():
        hold(incident)
        first: Future[Any] = elsewhere.submit(post, key, incident)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [blocked()])
        assert first.result(10).status_code == 503
    assert post(key, incident, "We are back.").status_code == 201
    with in_tenant("acme"):
        assert [u.body for u in incident.updates.order_by("id")][1:] == ["We are back."]
