"""A migrated server kept: for tests that need one of their own, and for the next run.

Its database `atender` is prepared and holds no tenant, `atender_template` the tests' two. It is
kept for the run, and in the folder that `ATENDER_TEST_CACHE` names where there is one: known there
by the migrations, the provisioning and the tests' tenants; delete the folder after changing what
else fills them.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from atender.embedded import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
PREPARED = "ATENDER_TEST_PREPARED"
MAKERS = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "atender/tenants/*.py",
    "tests/factories.py",
    "tests/plugins/*.py",
)


def kept_in(run: Path) -> Path:
    """Return where the data of a migrated server belongs, given the folder of this run."""
    folder = os.environ.get("ATENDER_TEST_CACHE")
    if not folder:
        return run / "prepared"
    content = hashlib.sha256()
    for path in sorted({path for pattern in MAKERS for path in ROOT.glob(pattern)}):
        content.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return Path(folder) / content.hexdigest()[:16]


def take(kept: Path, server: EmbeddedPostgres) -> bool:
    """Give the server, not started yet, the kept data; False where there is none."""
    if not kept.is_dir():
        return False
    server.place.data.parent.mkdir(parents=True, exist_ok=True)
    _copy(kept, server.place.data)
    return True


def prepare(server: EmbeddedPostgres) -> None:
    """Spare a server of a test's own, not started yet, the migrations that this run has made."""
    if PREPARED in os.environ:
        take(Path(os.environ[PREPARED]), server)


def keep(server: EmbeddedPostgres, kept: Path) -> None:
    """Keep the data of the server, which has to be stopped."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    _copy(server.place.data, unfinished)
    try:
        unfinished.rename(kept)
    except OSError:
        # Another run was quicker.
        shutil.rmtree(unfinished)


def _copy(source: Path, target: Path) -> None:
    # The owner has to stay: PostgreSQL may run as another account.
    subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)
