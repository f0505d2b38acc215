"""The account that PostgreSQL runs as: it refuses to run as root."""

import getpass
import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atender.embedded.trouble import PostgresTrouble

UNPRIVILEGED_NAMES = ("nobody", "daemon", "postgres")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def identity(self) -> dict[str, Any]:
        """Return the arguments with which a subprocess becomes this account."""
        if self.is_me:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def runs(self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> bool:
        """Tell whether the command succeeds as this account."""
        try:
            finished = subprocess.run(
                [str(word) for word in command],
                env=None if env is None else dict(env),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                **self.identity(),
            )
        except OSError:
            return False
        return finished.returncode == 0

    def may_enter(self, folder: Path) -> bool:
        # Asked of the system itself: mode bits of the parents would miss ACLs and mount options.
        return self.runs(["/bin/sh", "-c", 'cd "$1"', "sh", folder])

    def owns(self, folder: Path) -> bool:
        return folder.stat().st_uid == self.uid


def unprivileged_account() -> Account:
    """Choose myself, or an account that owns nothing where I am root."""
    if os.geteuid() != 0:
        return _myself()
    for name in UNPRIVILEGED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise PostgresTrouble(
        "PostgreSQL does not run as root and this machine has none of the accounts "
        f"{', '.join(UNPRIVILEGED_NAMES)}; start it as an ordinary user."
    )


def _myself() -> Account:
    uid = os.geteuid()
    try:
        return Account(pwd.getpwuid(uid).pw_name, uid, os.getegid())
    except KeyError:
        raise PostgresTrouble(
            f"PostgreSQL needs a named account and user id {uid} has none; "
            "add one to /etc/passwd or set DATABASE_URL."
        ) from None


def invoker() -> str:
    """Name the account that connects: the one this program runs as."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return getpass.getuser()
