"""How the shaky service of a tenant behaves: kept in a file, so that all processes agree."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FINE = "fine"


@dataclass(frozen=True, slots=True)
class Mood:
    name: str
    words: str
    about: str
    status: int = 200
    waits_s: float = 0.0
    answer: str = "Our shop opens at nine."


MOODS = {
    mood.name: mood
    for mood in (
        Mood(FINE, "It works", "Answers at once and rightly."),
        Mood("broken", "It is broken", "Answers HTTP 500.", status=500),
        Mood("silent", "It hangs", "Does not answer for twelve seconds.", waits_s=12),
        Mood("slow", "It is slow", "Answers after five seconds.", waits_s=5),
        Mood("locked", "It refuses the key", "Answers HTTP 401.", status=401),
        Mood(
            "confused",
            "Its model is confused",
            "The shop works; the agent answers nonsense.",
            answer="As a pirate I know no opening hours, arr!",
        ),
    )
}


def is_there() -> bool:
    return bool(settings.DEMO)


def mood_of(schema: str) -> Mood:
    try:
        return MOODS[_file(schema).read_text().strip()]
    except (OSError, KeyError):
        return MOODS[FINE]


def change_mood(schema: str, name: str) -> None:
    file = _file(schema)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    half.write_text(MOODS[name].name)
    half.replace(file)


def _file(schema: str) -> Path:
    return Path(settings.HOME) / "shaky" / schema
