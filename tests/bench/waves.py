"""Waves in a stream of ordinary messages: how many are found in time, how many are raised falsely.

The development messages, replayed at 208 an hour (5,000 a day), also where some of the ordinary day
are complaints about other incidents. What may be tuned was tuned on the first half of the incidents
and of the other messages; the second half, which is reported beside it, decided nothing. The third
set, incidents of other trades, is the one that the matcher's suite keeps apart from all training.
"""

import json
import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path

from assist.matching.training.worlds import read_world
from assist.waves.replaying import (
    Raised,
    Written,
    count_raised,
    found_by,
    ordinary_day,
    wave_of,
)

FOLDER = Path("assist/matching/training")
FILES = ("development_messages.jsonl", "development_messages_cc_by_sa.jsonl")
APART = Path("tests/assist/matching/unseen")
FALSE_OVER, PER_HOUR, DAYS, REPLAYS = 5000, 208, 4, 72
BEFORE, AFTER, BY = 300, 100, 5
# How many of the ordinary day's messages are complaints about incidents that have no wave.
SHARES = (0.0, 0.05, 0.1)
# A wave of eight from fewer texts than these would be the same customer's words again and again.
FEWEST_TEXTS, FEWEST_APART = 5, 4


def halves() -> list[tuple[str, dict[str, list[str]], list[str]]]:
    """Answer twice: the name of the half, its complaints by incident, its other messages."""
    rows = [
        json.loads(line)
        for name in FILES
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
    ]
    ids = sorted({one for row in rows for one in row["gold"]})
    others = [row["text"] for row in rows if not row["gold"]]
    found = []
    for name, first in (("tuned", 0), ("held_out", 1)):
        about = {one: [r["text"] for r in rows if one in r["gold"]] for one in ids[first::2]}
        waves = {one: texts for one, texts in about.items() if len(texts) >= FEWEST_TEXTS}
        found.append((name, waves, others[first::2]))
    return found


def kept_apart() -> tuple[str, dict[str, list[str]], list[str]]:
    """The same of incidents and messages of many trades, all of them of one company."""
    about: defaultdict[str, list[str]] = defaultdict(list)
    others: list[str] = []
    for path in sorted(APART.glob("*.txt")):
        for message in read_world(path).messages:
            for one in message.gold:
                about[f"{path.stem} {one}"].append(message.text)
            if not message.gold:
                others.append(message.text)
    waves = {one: texts for one, texts in about.items() if len(texts) >= FEWEST_APART}
    return "kept_apart", waves, others


def day_of(
    count: int, others: list[str], complaints: list[Written], share: float, chance: random.Random
) -> list[Written]:
    day = ordinary_day(others, count=count, per_hour=PER_HOUR, chance=chance)
    apart = random.Random(chance.random())
    return [
        replace(apart.choice(complaints), after=one.after) if apart.random() < share else one
        for one in day
    ]


def is_false(raised: Raised) -> bool:
    """Whether it is not one thing that most of those complain of."""
    return not any(
        raised.about.count(one) * 2 > len(raised.about) for one in {*raised.about} - {""}
    )


def measured(
    about: dict[str, list[str]], others: list[str], share: float = 0.0
) -> dict[str, float]:
    complaints = [Written(text, timedelta(), one) for one in about for text in about[one]]
    raised = [
        wave
        for number in range(DAYS)
        for wave in count_raised(
            day_of(FALSE_OVER, others, complaints, share, random.Random(number))
        )
    ]
    by: list[int | None] = []
    for one, texts in about.items():
        rest = [written for written in complaints if written.about != one]
        for replay in range(ceil(REPLAYS / len(about))):
            chance = random.Random(f"{one}{replay}")
            day = day_of(BEFORE + AFTER, others, rest, share, chance)
            wave = wave_of(one, texts, begins=day[BEFORE].after, chance=chance)
            by.append(found_by([*day, *wave], one))
    return {
        "replays": len(by),
        "found_by_5th": round(sum(at is not None and at <= BY for at in by) / len(by), 3),
        "found": round(sum(at is not None for at in by) / len(by), 3),
        "false_per_5000": round(sum(map(is_false, raised)) / DAYS, 2),
        "of_one_thing_per_5000": round(sum(not is_false(wave) for wave in raised) / DAYS, 2),
    }


def main() -> None:
    for share in SHARES:
        for name, about, others in (*halves(), kept_apart()):
            figures = measured(about, others, share)
            print(json.dumps({"scenario": "waves", "set": name, "complaints": share, **figures}))


if __name__ == "__main__":
    main()
