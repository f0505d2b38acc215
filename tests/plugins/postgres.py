"""One PostgreSQL for the whole run, one migrated template, a copy of it for each worker.

Loaded before Django's settings, since they read `DATABASE_URL`. With `DATABASE_URL` given, the
databases are made on that server instead of an embedded one, and removed afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from atender.embedded import EmbeddedPostgres
from atender.embedded.server import DATABASE
from tests.plugins.kept import PREPARED, keep, kept_in, take

ROOT = Path(__file__).resolve().parents[2]
SERVER = "ATENDER_TEST_SERVER"
TEMPLATE = "ATENDER_TEST_TEMPLATE"
WORKER = "PYTEST_XDIST_WORKER"

_embedded: EmbeddedPostgres | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    _set_key()
    # A browser's event loop stays in the worker's thread, beside tests that use the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    options = early_config.known_args_namespace
    if options.help or options.version or options.collectonly:
        return
    if WORKER not in os.environ:
        _prepare_server()
    if WORKER in os.environ or not _has_workers(options):
        os.environ["DATABASE_URL"] = copy_template(_own_name())


def _set_key() -> None:
    os.environ.setdefault(
        "ATENDER_SECRET_KEY", "a key for tests alone, of no worth to anybody else"
    )


def _has_workers(options: Any) -> bool:
    # "-n auto" is still unresolved here; both it and a number above zero mean workers.
    return bool(getattr(options, "numprocesses", None))


def pytest_unconfigure() -> None:
    if WORKER in os.environ:
        return
    if _embedded is not None:
        _discard(_embedded)
    elif TEMPLATE in os.environ:
        _drop_everything()


def _prepare_server() -> None:
    if url := os.environ.get("DATABASE_URL"):
        os.environ[SERVER] = url
        os.environ[TEMPLATE] = f"atender_template_{os.getpid()}"
        create_database(os.environ[TEMPLATE])
        _fill(os.environ[TEMPLATE], "database", "tenants")
    else:
        os.environ[TEMPLATE] = "atender_template"
        _prepare_embedded()


def _prepare_embedded() -> None:
    server = _embedded_server()
    kept = kept_in(server.home)
    is_kept = take(kept, server)
    os.environ[SERVER] = server.start()
    if not is_kept:
        _fill(DATABASE, "database")
        create_database(os.environ[TEMPLATE], DATABASE)
        _fill(os.environ[TEMPLATE], "tenants")
        server.stop()
        keep(server, kept)
        server.start()
    os.environ[PREPARED] = str(kept)


def _fill(name: str, *parts: str) -> None:
    filled = subprocess.run(
        [sys.executable, "-m", "tests.plugins.template", *parts],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url_of(name)},
    )
    if filled.returncode != 0:
        pytest_unconfigure()
        raise pytest.UsageError("The template database cannot be built; the reason stands above.")


def _embedded_server() -> EmbeddedPostgres:
    global _embedded  # noqa: PLW0603 - one server a run, stopped by another hook
    home = Path(tempfile.mkdtemp(prefix="atender-tests-"))
    # As root the server runs as another account, which has to pass through.
    home.chmod(0o711)
    _embedded = EmbeddedPostgres(home, durable=False)
    return _embedded


def _discard(server: EmbeddedPostgres) -> None:
    server.stop()
    shutil.rmtree(server.place.root, ignore_errors=True)
    shutil.rmtree(server.home, ignore_errors=True)


def _drop_everything() -> None:
    """Leave a server that is not ours as it was."""
    template = os.environ[TEMPLATE]
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        ours = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [template]
        )
        for (name,) in ours.fetchall():
            drop_database(name)


def _own_name() -> str:
    return f"{os.environ[TEMPLATE]}_{os.environ.get(WORKER, 'single')}"


def url_of(database: str) -> str:
    parts = urlsplit(os.environ[SERVER])
    return urlunsplit(parts._replace(path=f"/{database}"))


def create_database(name: str, template: str = "template1") -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def copy_template(name: str) -> str:
    """Make a database like the template; returns its URL."""
    create_database(name, os.environ[TEMPLATE])
    return url_of(name)


def drop_database(name: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def database_copy(name: str) -> Iterator[str]:
    try:
        yield copy_template(name)
    finally:
        drop_database(name)


def main() -> None:
    """Have the migrated server kept in the folder that `ATENDER_TEST_CACHE` names, for later."""
    if not os.environ.get("ATENDER_TEST_CACHE") or os.environ.get("DATABASE_URL"):
        raise SystemExit("Name a folder in ATENDER_TEST_CACHE, and no server in DATABASE_URL.")
    _set_key()
    _prepare_server()
    pytest_unconfigure()


if __name__ == "__main__":
    main()
