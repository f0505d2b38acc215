import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from atender.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of the tests' own, which they may freeze, stop and start."""
    home = Path(tempfile.mkdtemp(prefix="atender-tests-"))
    # As root the server runs as another account, which has to pass through.
    home.chmod(0o711)
    with EmbeddedPostgres(home, durable=False) as server:
        yield server
    shutil.rmtree(server.place.root, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
