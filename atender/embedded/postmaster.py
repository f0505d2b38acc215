"""What `postmaster.pid` says, and whether it is true."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postmaster:
    """The server that a data folder's lock file names. Source: PostgreSQL, miscadmin.h."""

    pid: int
    is_ready: bool


def recorded_postmaster(data: Path) -> Postmaster | None:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(abs(int(lines[0])), len(lines) > 7 and lines[7].strip() == "ready")
    except (OSError, ValueError, IndexError):
        return None


def running_postmaster(data: Path) -> Postmaster | None:
    """Return the recorded server if that process really is one serving this folder."""
    recorded = recorded_postmaster(data)
    return recorded if recorded and serves(recorded.pid, data) else None


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def serves(pid: int, data: Path) -> bool:
    """Tell whether the process lives and is a server of this folder."""
    if not is_alive(pid):
        return False
    if Path("/proc/self").exists():
        # A server works in its data folder; a process that only got its number does not.
        try:
            return Path(f"/proc/{pid}/cwd").samefile(data)
        except OSError:
            return False
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(data) in shown.stdout


def disown_stale_lock(data: Path) -> None:
    """Make a lock whose number another process got since harmless, keeping all else it says.

    PostgreSQL itself removes a lock of a dead process, after it has made sure through the other
    lines that no orphan of that server still writes; so only the number is replaced, by a dead one.
    """
    recorded = recorded_postmaster(data)
    if recorded is None or not is_alive(recorded.pid) or running_postmaster(data):
        return
    # The folder is the account's: a link in it must not lead a writing root elsewhere.
    lock = os.open(data / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW)
    with open(lock, "r+") as lines:
        rest = lines.readlines()[1:]
        lines.seek(0)
        lines.writelines([f"{_dead_pid()}\n", *rest])
        lines.truncate()


def _dead_pid() -> int:
    with subprocess.Popen(["/bin/sh", "-c", ":"]) as ended:
        return ended.pid
