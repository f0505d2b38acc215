"""A migrated template kept between runs: who runs one test again and again waits less.

Used where `ATENDER_TEST_CACHE` names a folder. What it holds is known by the migrations, the
provisioning and the tests' own tenants; delete the folder after changing what else fills them.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from atender.embedded import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
MAKERS = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "atender/tenants/*.py",
    "tests/factories.py",
    "tests/plugins/*.py",
)


def kept_template() -> Path | None:
    """Return where the data of a server with the template belongs, if it is to be kept."""
    folder = os.environ.get("ATENDER_TEST_CACHE")
    if not folder:
        return None
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
