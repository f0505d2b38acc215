"""What customers write on any day, in each language: what nearness is measured by."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from assist.matching.geometry import Floats

FILE = Path(__file__).with_name("ordinary.txt")


@lru_cache(maxsize=1)
def ordinary() -> dict[str, tuple[str, ...]]:
    """Read the messages by their language; line by line they say the same in each."""
    found: dict[str, list[str]] = {}
    language = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            language = line[1:].strip()
        elif line and not line.startswith("#"):
            found.setdefault(language, []).append(line)
    return {language: tuple(lines) for language, lines in found.items()}


def carried_over(english: Floats, other: Floats) -> int:
    """Count the messages whose nearest English one is the one that says the same."""
    return int(((other @ english.T).argmax(axis=1) == np.arange(len(other))).sum())
