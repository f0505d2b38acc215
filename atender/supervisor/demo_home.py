"""What the demo keeps in its home besides the database."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from atender.file_lock import FileLock


class HomeInUse(Exception):
    """Another demo runs in this home."""


class DemoHome:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Written by the seeding, published when the web answers: who sees it may go there.
        self.upcoming = self.folder / "demo.json.next"
        self.published = self.folder / "demo.json"
        self._lock = FileLock(self.folder / "demo.lock")

    def claim(self) -> None:
        """Take the home for this process, until it ends."""
        if not self._lock.try_to_take(note=str(os.getpid())):
            raise HomeInUse(
                f"A demo already runs in {self.folder} (process {self._lock.note()}); "
                "stop it, or choose another folder: ATENDER_HOME=… make demo"
            )

    def secret_key(self) -> str:
        """Return the home's own key, made at the first start."""
        path = self.folder / "secret-key"
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if key := path.read_text().strip():
                return key
            file = os.open(path, os.O_WRONLY)
        with open(file, "w") as writing:
            writing.write(secrets.token_urlsafe(48) + "\n")
        return path.read_text().strip()

    def hide(self) -> None:
        """Take back what an earlier run published."""
        if self.published.exists():
            self.published.replace(self.upcoming)

    def publish(self) -> None:
        if self.upcoming.exists():
            self.upcoming.replace(self.published)

    def description(self) -> dict[str, Any]:
        """Return what the seeding says of addresses and log-ins."""
        try:
            found: dict[str, Any] = json.loads(self.published.read_text())
        except (OSError, ValueError):
            return {}
        return found
