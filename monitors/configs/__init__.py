"""What a monitor needs besides its address, by kind: names, limits, and what is kept secret."""

from monitors.configs.checking import (
    MASK,
    SECRET,
    checked_config,
    fitting,
    joined,
    masked,
    merged,
    split,
)
from monitors.configs.keys import KEYS

__all__ = [
    "KEYS",
    "MASK",
    "SECRET",
    "checked_config",
    "fitting",
    "joined",
    "masked",
    "merged",
    "split",
]
