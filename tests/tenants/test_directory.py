"""The directory of hosts: kept in the process, and told of every change."""

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from pytest_django import Settings

from atender.tenants import directory as directories
from atender.tenants.context import connection
from atender.tenants.directory import Directory
from atender.tenants.models import HostKind, Tenant
from atender.tenants.provisioning import add_host

ADD_HOST = (
    "INSERT INTO tenants_domain (tenant_id, domain, kind, is_primary)"
    " SELECT id, 'new.example', 'console', false FROM tenants_tenant WHERE schema_name = 'acme'"
)


def until(found: Callable[[], object], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def listening(fresh_database: str, settings: Settings) -> Iterator[Directory]:
    """A directory that is told, and never looks by itself."""
    settings.DATABASE_DIRECT_URL = fresh_database
    settings.DIRECTORY_MAX_AGE_S = 3600
    directory = Directory()
    directory.listen()
    assert until(lambda: directory._is_listening)
    yield directory
    directory.stop()


def test_a_host_added_by_another_process_is_known_at_once(
    listening: Directory, fresh_database: str
) -> None:
    assert listening.find("new.example") is None
    with psycopg.connect(fresh_database) as other:
        other.execute(ADD_HOST)

    assert until(lambda: listening.find("new.example"))


def test_a_host_is_gone_as_soon_as_its_tenant_is_suspended(
    listening: Directory, fresh_database: str
) -> None:
    assert listening.find("acme.localhost") is not None
    with psycopg.connect(fresh_database) as other:
        other.execute("UPDATE tenants_tenant SET is_suspended = true WHERE schema_name = 'acme'")

    assert until(lambda: listening.find("acme.localhost") is None)


def test_a_listener_that_is_cut_off_comes_back(listening: Directory, fresh_database: str) -> None:
    with psycopg.connect(fresh_database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )
        other.execute(ADD_HOST)

    assert until(lambda: listening.find("new.example"))


def test_a_change_heard_of_while_reading_is_not_missed(
    acme: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIRECTORY_MAX_AGE_S = 3600
    directory = Directory()
    read = directories.read_addresses

    def read_and_then_change() -> dict[str, directories.Address]:
        addresses = read()
        add_host(acme, "new.example", kind=HostKind.CONSOLE, is_primary=False)
        directory.expire()
        return addresses

    monkeypatch.setattr(directories, "read_addresses", read_and_then_change)
    assert directory.find("new.example") is None
    monkeypatch.setattr(directories, "read_addresses", read)
    assert directory.find("new.example") is not None


def test_without_notifications_it_looks_again(acme: Tenant, settings: Settings) -> None:
    settings.DIRECTORY_MAX_AGE_S = 0.2
    directory = Directory()
    assert directory.find("new.example") is None
    add_host(acme, "new.example", kind=HostKind.CONSOLE, is_primary=False)

    assert directory.find("new.example") is None
    assert until(lambda: directory.find("new.example"))


def test_what_was_known_stands_while_the_database_is_gone(
    fresh_database: str, settings: Settings
) -> None:
    settings.DIRECTORY_MAX_AGE_S = 0
    directory = Directory()
    assert directory.find("acme.localhost") is not None
    connection.close()
    connection.close_pool()
    kept, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "no_such_database"
    try:
        address = directory.find("acme.localhost")
    finally:
        connection.close_pool()
        connection.settings_dict["NAME"] = kept

    assert address is not None
    assert address.schema == "acme"


def test_many_threads_read_once(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = []
    found = []

    def read_slowly() -> dict[str, directories.Address]:
        readings.append(1)
        time.sleep(0.2)
        address = directories.Address("acme.localhost", "acme", "", "Acme", HostKind.CONSOLE, None)
        return {"acme.localhost": address}

    monkeypatch.setattr(directories, "read_addresses", read_slowly)
    directory = Directory()
    threads = [
        threading.Thread(target=lambda: found.append(directory.find("acme.localhost")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(readings) == 1
    assert all(found)
