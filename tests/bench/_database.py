"""A PostgreSQL of the benchmark's own, with fsync as in production, and Django set up on it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from atender.embedded import EmbeddedPostgres


@contextmanager
def database() -> Iterator[str]:
    """Start it and bring it to the present migrations; yields its URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atender.settings")
    os.environ.setdefault("ATENDER_SECRET_KEY", "a key for benchmarks alone, of no worth at all")
    os.environ.setdefault("ATENDER_LOG_LEVEL", "ERROR")
    home = Path(tempfile.mkdtemp(prefix="atender-bench-"))
    # As root the server runs as another account, which has to pass through.
    home.chmod(0o711)
    postgres = EmbeddedPostgres(home, durable=True)
    os.environ["DATABASE_URL"] = postgres.start()
    django.setup()

    from atender.tenants.context import connection  # noqa: PLC0415 - needs the settings
    from atender.tenants.provisioning import prepare_database  # noqa: PLC0415

    try:
        prepare_database()
        yield postgres.url
    finally:
        connection.close()
        connection.close_pool()
        postgres.stop()
        shutil.rmtree(postgres.place.root, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
