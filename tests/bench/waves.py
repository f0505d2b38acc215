"""Waves in a stream of ordinary messages: how many are found in time, how many are raised falsely.

The development messages, replayed at 208 an hour (5,000 a day). What may be tuned was tuned on the
first half of the incidents and of the other messages; the second half, which is reported beside it,
decided nothing.
"""

import json
import random
from pathlib import Path

from assist.waves.replaying import count_raised, found_by, ordinary_day, wave_of

FOLDER = Path("assist/matching/training")
FILES = ("development_messages.jsonl", "development_messages_cc_by_sa.jsonl")
FALSE_OVER, PER_HOUR, DAYS, REPLAYS = 5000, 208, 4, 8
BEFORE, AFTER, BY = 300, 100, 5
# A wave of eight from fewer texts than these would be the same customer's words again and again.
FEWEST_TEXTS = 5


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


def measured(about: dict[str, list[str]], others: list[str]) -> dict[str, float]:
    false = sum(
        len(
            count_raised(
                ordinary_day(others, count=FALSE_OVER, per_hour=PER_HOUR, chance=random.Random(day))
            )
        )
        for day in range(DAYS)
    )
    by: list[int | None] = []
    for one, texts in about.items():
        for replay in range(REPLAYS):
            chance = random.Random(f"{one}{replay}")
            count = BEFORE + AFTER
            day = ordinary_day(others, count=count, per_hour=PER_HOUR, chance=chance)
            wave = wave_of(one, texts, begins=day[BEFORE].after, chance=chance)
            by.append(found_by([*day, *wave], one))
    return {
        "replays": len(by),
        "found_by_5th": round(sum(at is not None and at <= BY for at in by) / len(by), 3),
        "found": round(sum(at is not None for at in by) / len(by), 3),
        "false_per_5000": round(false / DAYS, 2),
    }


def main() -> None:
    for half, about, others in halves():
        print(json.dumps({"scenario": "waves", "half": half, **measured(about, others)}))


if __name__ == "__main__":
    main()
