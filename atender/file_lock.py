import fcntl
import os
from pathlib import Path
from typing import IO


class FileLock:
    """Held by one process at a time; the kernel gives it back when that process ends.

    The file's text is the holder's note to those who wait.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    @property
    def is_held(self) -> bool:
        return self._file is not None

    def try_to_take(self, *, note: str) -> bool:
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        self.leave_note(note)
        return True

    def leave_note(self, note: str) -> None:
        if self._file:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(note)
            self._file.flush()

    def note(self) -> str:
        return self._path.read_text()

    def give_back(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
