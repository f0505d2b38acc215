"""The labelled data, as worlds: messages of one world are judged against its incidents only."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assist.matching import ActiveIncident

FOLDER = Path(__file__).parent
DEVELOPMENT = "development"
# What a pair weighs in training: real customers' words count for more than ours. Much more makes
# strange trades worse.
LABELLED_WEIGHT, DIALOGUE_WEIGHT = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    language: str
    source: str
    gold: frozenset[str]
    tolerated: frozenset[str]


@dataclass(frozen=True, slots=True)
class World:
    name: str
    incidents: tuple[ActiveIncident, ...]
    messages: tuple[Labelled, ...]
    weight: float = 1.0


def rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def incident_of(row: dict[str, Any]) -> ActiveIncident:
    return ActiveIncident(
        id=row["id"],
        title=row["title"],
        body=row.get("body", ""),
        components=tuple(row.get("components", ())),
        severity=row.get("severity"),
    )


def development_world() -> World:
    """The development half of the evaluation; its sources and licences are in README.md."""
    messages = [
        Labelled(
            row["text"],
            row["lang"],
            row["source"],
            frozenset(row["gold"]),
            frozenset(row["also_ok"]),
        )
        for name in ("development_messages.jsonl", "development_messages_cc_by_sa.jsonl")
        for row in rows(FOLDER / name)
    ]
    incidents = tuple(map(incident_of, rows(FOLDER / "development_incidents.jsonl")))
    return World(DEVELOPMENT, incidents, tuple(messages), LABELLED_WEIGHT)


def written_worlds() -> list[World]:
    """Worlds in our own words: `written/*.txt`, read as the file's first lines explain."""
    return [read_world(path) for path in sorted((FOLDER / "written").glob("*.txt"))]


def dialogue_worlds() -> list[World]:
    """What customers said in the middle of dialogues, most of it about no incident."""
    paths = sorted((FOLDER / "dialogues").glob("*.txt"))
    return [replace(read_world(path), weight=DIALOGUE_WEIGHT) for path in paths]


def read_world(path: Path) -> World:
    incidents: list[ActiveIncident] = []
    messages: list[Labelled] = []
    gold: frozenset[str] = frozenset()
    tolerated: frozenset[str] = frozenset()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("= "):
            identifier, title, components, body, *near = (p.strip() for p in line[2:].split("|"))
            named = tuple(name.strip() for name in components.split(","))
            incidents.append(ActiveIncident(identifier, title, body, named))
            gold = frozenset({identifier})
            tolerated = frozenset(near[0].split()) if near else frozenset()
        elif line.startswith("- "):
            gold = tolerated = frozenset()
        else:
            language, text = line.split(" ", 1)
            messages.append(Labelled(text, language, f"written-{path.stem}", gold, tolerated))
    return World(path.stem, tuple(incidents), tuple(messages))
