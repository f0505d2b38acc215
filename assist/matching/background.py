"""How rare words are in customers' messages, counted once by the training script."""

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

FILE = Path(__file__).with_name("background.json")


class Counts(TypedDict):
    messages: int
    terms: dict[str, int]
    words: list[str]
    seldom: list[str]


@lru_cache(maxsize=1)
def counts() -> Counts:
    loaded: Counts = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def _rarity(count: int) -> float:
    total = counts()["messages"]
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


@lru_cache(maxsize=50_000)
def rarity_of_term(term: str) -> float:
    """Answer the inverse document frequency in nats, 0 (everywhere) to about 7 (never seen)."""
    return _rarity(counts()["terms"].get(term, 0))
