import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from atender.embedded import EmbeddedPostgres

as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root runs PostgreSQL as another account"
)
on_linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that every account may enter, removed with all that its server left."""
    yield from opened(0o711)


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A home inside a folder of mode 0700."""
    for folder in opened(0o700):
        yield folder / "atender"


def opened(mode: int) -> Iterator[Path]:
    # pytest's own folders are closed to others and their paths are long: both are cases here.
    folder = Path(tempfile.mkdtemp(prefix="atender-tests-"))
    folder.chmod(mode)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """One running server for all tests that only look at it."""
    for folder in opened(0o711):
        with EmbeddedPostgres(folder) as running:
            yield running
