import json
import random
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assist.embeddings.measuring import Vectors
from assist.embeddings.vectors import text_of_incident, text_of_message
from assist.language_model.connecting import NoAnswer
from assist.matching import ActiveIncident, Index, Matching, build_index, match
from assist.matching.languages import SUPPORTED
from assist.models import EmbeddingModel
from atender.outbound.targets import check_url
from atender.refusals import Refused


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
        return Counter(others=1, alarms=int(bool(cards)))
    return Counter(complaints=1, found=int(bool(cards) and cards[0] in about))


def summary(size: int, tally: Counter[str]) -> str:
    def rate(part: str, whole: str) -> str:
        share = f"{tally[part] / tally[whole]:.3f}" if tally[whole] else "–"
        return f"{share} ({tally[part]} of {tally[whole]})"

    found, alarms = rate("found", "complaints"), rate("alarms", "others")
    return f"{size} active: recall {found}, false alarms {alarms}"


def incident_of(row: dict[str, Any]) -> ActiveIncident:
    return ActiveIncident(
        id=row["id"],
        title=row["title"],
        body=row.get("body") or "",
        components=tuple(row.get("components") or ()),
        severity=row.get("severity"),
    )


def embedding_model(options: dict[str, Any]) -> EmbeddingModel:
    """The model that the options describe; it is kept nowhere. Raises Refused and OSError."""
    languages = options["embedding_languages"].split(",")
    if unknown := [one for one in languages if one not in SUPPORTED]:
        raise CommandError(f"--embedding-languages knows no '{unknown[0]}'.")
    key = options["embedding_key_file"]
    return EmbeddingModel(
        base_url=str(check_url(options["embedding_address"])),
        model=options["embedding_model"],
        api_key=Path(key).read_text(encoding="utf-8").strip() if key else "",
        languages=languages,
    )


def predicted(
    index: Index, messages: Sequence[dict[str, Any]], vectors: Vectors | None
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Match each message, without vectors and, where there are any, with them."""
    active = [one.id for one in index.incidents]
    for message in messages:
        started = time.perf_counter()
        found = match(message["text"], index)
        took = round((time.perf_counter() - started) * 1000, 3)
        plain = {"id": message["id"], "active": active, "matches": _told(found), "ms": took}
        near = vectors.near(message["text"], found.language, index) if vectors else None
        if near is None:
            yield plain, plain
            continue
        yield plain, {**plain, "matches": _told(match(message["text"], index, near=near))}


def _told(found: Matching) -> list[dict[str, Any]]:
    return [
        {"incident": m.incident_id, "confidence": m.confidence, "card": m.is_card}
        for m in found.matches
    ]


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
        model = parser.add_argument_group("with an embedding model, beside matching without it")
        model.add_argument("--embedding-address", help="for example https://llm.example.com/v1")
        model.add_argument("--embedding-model", help="its name there")
        model.add_argument("--embedding-key-file", help="a file that holds nothing but the key")
        model.add_argument("--embedding-languages", default=",".join(SUPPORTED))
        model.add_argument("--vectors", help="the file that keeps vectors for the next time")

    def handle(self, *args: Any, **options: Any) -> None:
        incidents = {row["id"]: incident_of(row) for row in rows(options["incidents"])}
        messages = rows(options["messages"])
        sizes = self._sizes(options["active"], most=len(incidents))
        vectors = self._vectors(options, incidents.values(), messages)
        written, tallies = 0, {size: (Counter[str](), Counter[str]()) for size in sizes}
        gold = {message["id"]: set(message.get("gold") or ()) for message in messages}
        with Path(options["predictions"]).open("w", encoding="utf-8") as output:
            for size in sizes:
                drawn = active_sets(
                    list(incidents), size=size, draws=options["draws"], seed=options["seed"]
                )
                for ids in drawn:
                    index = build_index([incidents[one] for one in ids])
                    for plain, line in predicted(index, messages, vectors):
                        output.write(json.dumps(line) + "\n")
                        written += 1
                        for tally, said in zip(tallies[size], (plain, line), strict=True):
                            tally.update(judged(said, gold[line["id"]]))
        self.stdout.write(f"{written} predictions written to {options['predictions']}")
        if options["summary"]:
            for size, (without, tally) in tallies.items():
                if vectors:
                    self.stdout.write(f"{summary(size, without)}, without the model")
                self.stdout.write(f"{summary(size, tally)}{', with it' if vectors else ''}")

    def _vectors(
        self,
        options: dict[str, Any],
        incidents: Iterable[ActiveIncident],
        messages: Sequence[dict[str, Any]],
    ) -> Vectors | None:
        """Have everything asked for that is to be measured; what is in the file is not."""
        given = [options[name] for name in ("embedding_address", "embedding_model", "vectors")]
        if not any(given):
            return None
        if not all(given):
            raise CommandError(
                "--embedding-address, --embedding-model and --vectors belong together."
            )
        try:
            vectors = Vectors(embedding_model(options), Path(options["vectors"]))
            texts = [text_of_incident(one) for one in incidents]
            asked = vectors.learn_ordinary() + vectors.learn(texts)
            asked += vectors.learn(text_of_message(message["text"]) for message in messages)
        except (NoAnswer, Refused) as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except (ValueError, KeyError) as error:
            raise CommandError(f"{options['vectors']} is no file of vectors.") from error
        self.stdout.write(f"{asked} texts asked for, their vectors kept in {options['vectors']}")
        return vectors

    def _sizes(self, text: str, *, most: int) -> list[int]:
        try:
            sizes = [int(part) for part in text.split(",")]
        except ValueError:
            raise CommandError(f"--active takes numbers like 1,3,8; this is {text!r}.") from None
        if not all(1 <= size <= most for size in sizes):
            raise CommandError(f"--active takes numbers from 1 to {most}, the incidents given.")
        return sizes
