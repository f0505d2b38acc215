"""The directory of hosts: kept in the process, and told of every change."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pytest_django import Settings

from atender.listening import Listener
from atender.tenants import directory as directories
from atender.tenants.addresses import Address
from atender.tenants.context import connection
from atender.tenants.directory import Directory
from atender.tenants.models import HostKind, Tenant
from atender.tenants.provisioning import add_host

ADD_HOST = (
    "INSERT INTO tenants_domain (tenant_id, domain, kind, is_primary)"
    " SELECT id, 'new.example', 'console', false FROM tenants_tenant WHERE schema_name = 'acme'"
)


def until(found: Callable[[], object], seconds: float = 90) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def listener(fresh_database: str, settings: Settings, tmp_path: Path) -> Iterator[Listener]:
    settings.DATABASE_DIRECT_URL = fresh_database
    settings.EDGE_HOME = tmp_path
    listener = Listener()
    yield listener
    listener.stop()


@pytest.fixture
def following(listener: Listener) -> Directory:
    """A directory that is told, and never looks by itself."""
    directory = Directory()
    directory.follow(listener)
    listener.start()
    return directory


def test_a_host_added_by_another_process_is_known_at_once(
    following: Directory, fresh_database: str
) -> None:
    assert following.find("new.example") is None
    with psycopg.connect(fresh_database) as other:
        other.execute(ADD_HOST)

    assert until(lambda: following.find("new.example"))


def test_a_host_is_gone_as_soon_as_its_tenant_is_suspended(
    following: Directory, fresh_database: str
) -> None:
    assert following.find("acme.localhost") is not None
    with psycopg.connect(fresh_database) as other:
        other.execute("UPDATE tenants_tenant SET is_suspended = true WHERE schema_name = 'acme'")

    assert until(lambda: following.find("acme.localhost") is None)


def test_a_listener_that_is_cut_off_comes_back(following: Directory, fresh_database: str) -> None:
    with psycopg.connect(fresh_database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )
        other.execute(ADD_HOST)

    assert until(lambda: following.find("new.example"))


def test_a_process_that_starts_without_a_database_knows_its_hosts(
    following: Directory, settings: Settings
) -> None:
    settings.DATABASE_DIRECT_URL = "postgresql://nobody@127.0.0.1:1/nowhere"
    late, silent = Directory(), Listener()
    late.follow(silent)

    assert late.find("acme.localhost") == following.find("acme.localhost")
    assert late.find("nobody.localhost") is None


@pytest.mark.parametrize("content", ["", "{", '[["half a row"]]', "[1]", '[[1, 2, 3, 4, "x", 6]]'])
def test_a_copy_that_cannot_be_read_is_none(
    content: str, settings: Settings, tmp_path: Path
) -> None:
    settings.EDGE_HOME = tmp_path
    (tmp_path / "hosts.json").write_text(content)
    directory = Directory()
    directory.follow(Listener())

    assert directory.find("acme.localhost") is None


def test_a_change_heard_of_while_reading_is_not_missed(
    acme: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIRECTORY_MAX_AGE_S = 3600
    directory = Directory()
    read = directories.read_addresses

    def read_and_then_change() -> dict[str, Address]:
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

    def read_slowly() -> dict[str, Address]:
        readings.append(1)
        time.sleep(0.2)
        address = Address("acme.localhost", "acme", "", "Acme", HostKind.CONSOLE, None)
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
