"""Folders for data and socket that the account may enter, however closed the home is."""

import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from atender.embedded.account import Account
from atender.embedded.postmaster import running_postmaster
from atender.embedded.trouble import PostgresTrouble

# The path of a socket has 108 bytes on Linux, 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Place:
    """Root belongs to whoever starts the server; data and sockets to the account alone."""

    root: Path
    sockets: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def unfinished(self) -> Path:
        return self.root / "data.unfinished"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"


def choose_place(home: Path, account: Account) -> Place:
    """Return the home's place, made on first use; one outside is remembered in the home."""
    root = _root(home, account)
    sockets = root / "run"
    if not _suits_a_socket(sockets):
        sockets = outside(account) / _digest(home)
        if not _suits_a_socket(sockets):
            raise PostgresTrouble(
                f"The path {sockets} is too long for a socket; set TMPDIR to a shorter one."
            )
    place = Place(root, sockets)
    for folder in (place.data, sockets):
        give(folder, account)
    return place


def outside(account: Account) -> Path:
    """Return a folder of ours outside every home that the account may enter."""
    for candidate in _candidates():
        if _is_claimed(candidate) and account.may_enter(candidate):
            return candidate
    raise PostgresTrouble(
        f"Found no folder that the account {account.name} may enter; "
        "set ATENDER_HOME to one below a folder open to all, for example /var/lib."
    )


def _root(home: Path, account: Account) -> Path:
    inside = home / "postgres"
    if inside.exists() and inside.stat().st_uid != os.geteuid():
        raise PostgresTrouble(
            f"{inside} belongs to user id {inside.stat().st_uid}; start as that user, "
            "or with another ATENDER_HOME."
        )
    if account.may_enter(home):
        return _own(inside)
    if (inside / "data").exists():
        raise PostgresTrouble(
            f"The data is in {inside}, which the account {account.name} may no longer enter; "
            f"give {home} and the folders above it their execute permission back."
        )
    return _remembered(home) or _new_outside(home, account)


def _remembered(home: Path) -> Path | None:
    try:
        root = Path(json.loads((home / "postgres.json").read_text())["place"])
    except (OSError, ValueError, KeyError):
        return None
    return root if root.is_dir() and root.stat().st_uid == os.geteuid() else None


def _new_outside(home: Path, account: Account) -> Path:
    folder = outside(account)
    _discard_forgotten(folder, _digest(home))
    root = _own(folder / f"{_digest(home)}-{secrets.token_hex(4)}")
    (home / "postgres.json").write_text(json.dumps({"place": str(root)}) + "\n")
    return root


def _discard_forgotten(folder: Path, digest: str) -> None:
    """Remove what a home of this path, deleted since, has left behind."""
    for forgotten in folder.glob(f"{digest}-*"):
        if not running_postmaster(forgotten / "data"):
            shutil.rmtree(forgotten, ignore_errors=True)


def _candidates() -> Iterator[Path]:
    me = os.geteuid()
    if me == 0:
        yield Path("/var/lib/atender")
    elif "XDG_RUNTIME_DIR" in os.environ:
        yield Path(os.environ["XDG_RUNTIME_DIR"], "atender")
    for parent in (tempfile.gettempdir(), "/var/tmp", "/tmp"):  # noqa: S108 - claimed below
        yield Path(parent, f"atender-{me}")


def _is_claimed(folder: Path) -> bool:
    """Tell whether the folder is ours; in a folder open to all another could have made it."""
    try:
        _own(folder)
        status = folder.lstat()
    except OSError:
        return False
    is_mine = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
    return is_mine and not status.st_mode & 0o022 and os.access(folder, os.W_OK)


def _own(folder: Path) -> Path:
    if not os.path.lexists(folder):
        folder.mkdir()
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def give(folder: Path, account: Account) -> None:
    """Make the folder and hand it to the account."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
    # Only ever the account's own folder, directly below one that nobody else may write to.
    if not account.owns(folder):
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _suits_a_socket(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(folder)


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
