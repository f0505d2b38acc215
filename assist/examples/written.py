"""What customers write, for drills and the demo, from `messages.txt`. Pure."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("messages.txt")
OTHER = "other"


class Written(NamedTuple):
    topic: str
    language: str
    text: str


@cache
def messages() -> tuple[Written, ...]:
    found, topic = [], ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            topic = line[2:]
        elif line and not line.startswith("#"):
            found.append(Written(topic, *line.split(" ", 1)))
    return tuple(found)
