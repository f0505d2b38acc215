import json
import random
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assist.matching import ActiveIncident, build_index, match


def rows(path: str) -> list[dict[str, Any]]:
    """Read one JSON object a line; refuse with the line that is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} must hold one JSON object a line: {error}.") from error


def active_sets(ids: Sequence[str], *, size: int, draws: int, seed: int) -> Iterator[list[str]]:
    """Draw the sets of active incidents; with one active, every incident once."""
    ordered = sorted(ids)
    if size == 1:
        yield from ([one] for one in ordered)
        return
    for draw in range(draws):
        yield sorted(random.Random(f"{seed}:{size}:{draw}").sample(ordered, size))  # noqa: S311


def judged(line: dict[str, Any], gold: set[str]) -> Counter[str]:
    """Whether one message was about what was active, and whether the first card said so."""
    cards = [match["incident"] for match in line["matches"] if match["card"]]
    about = gold & set(line["active"])
    if not about:
        return Counter(others=1, alarms=bool(cards))
    return Counter(complaints=1, found=bool(cards and cards[0] in about))


def summary(size: int, tally: Counter[str]) -> str:
    def rate(part: str, whole: str) -> str:
        share = f"{tally[part] / tally[whole]:.3f}" if tally[whole] else "–"
        return f"{share} ({tally[part]} of {tally[whole]})"

    found, alarms = rate("found", "complaints"), rate("alarms", "others")
    return f"{size} active: recall {found}, false alarms {alarms}"


class Command(BaseCommand):
    help = "Match labelled messages against drawn sets of active incidents; write the predictions."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--incidents", required=True, help="JSON lines: id, title, body …")
        parser.add_argument("--messages", required=True, help="JSON lines: id, text, gold")
        parser.add_argument("--active", default="1,3,8", help="how many are active, e.g. 1,3,8")
        parser.add_argument("--draws", type=int, default=20, help="sets for each number above 1")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--predictions", required=True, help="the file to write")
        parser.add_argument(
            "--summary", action="store_true", help="say recall and false alarms, by gold"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        incidents = {row["id"]: row for row in rows(options["incidents"])}
        messages = rows(options["messages"])
        sizes = self._sizes(options["active"], most=len(incidents))
        written, tallies = 0, {size: Counter[str]() for size in sizes}
        gold = {message["id"]: set(message.get("gold") or ()) for message in messages}
        with Path(options["predictions"]).open("w", encoding="utf-8") as output:
            for size in sizes:
                drawn = active_sets(
                    list(incidents), size=size, draws=options["draws"], seed=options["seed"]
                )
                for ids in drawn:
                    for line in self._predict([incidents[one] for one in ids], messages):
                        output.write(json.dumps(line) + "\n")
                        written += 1
                        tallies[size] += judged(line, gold[line["id"]])
        self.stdout.write(f"{written} predictions written to {options['predictions']}")
        if options["summary"]:
            for size, tally in tallies.items():
                self.stdout.write(summary(size, tally))

    def _sizes(self, text: str, *, most: int) -> list[int]:
        try:
            sizes = [int(part) for part in text.split(",")]
        except ValueError:
            raise CommandError(f"--active takes numbers like 1,3,8; this is {text!r}.") from None
        if not all(1 <= size <= most for size in sizes):
            raise CommandError(f"--active takes numbers from 1 to {most}, the incidents given.")
        return sizes

    def _predict(
        self, active: Sequence[dict[str, Any]], messages: Sequence[dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        index = build_index(
            [
                ActiveIncident(
                    id=row["id"],
                    title=row["title"],
                    body=row.get("body") or "",
                    components=tuple(row.get("components") or ()),
                    severity=row.get("severity"),
                )
                for row in active
            ]
        )
        for message in messages:
            started = time.perf_counter()
            found = match(message["text"], index)
            took = (time.perf_counter() - started) * 1000
            yield {
                "id": message["id"],
                "active": [row["id"] for row in active],
                "matches": [
                    {"incident": m.incident_id, "confidence": m.confidence, "card": m.is_card}
                    for m in found.matches
                ],
                "ms": round(took, 3),
            }
