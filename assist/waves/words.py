"""Names a wave in words that a title could have. Pure."""

from functools import cache
from pathlib import Path

from assist.matching.lexicon import lexicon
from assist.waves.faults import Fault

FILE = Path(__file__).with_name("subjects.txt")
# How one of it fails, and how several do.
SYMPTOMS = {
    "blank": ("shows a blank page", "show a blank page"),
    "blocked": ("is blocked", "are blocked"),
    "crash": ("is crashing", "are crashing"),
    "declined": ("is declined", "are declined"),
    "delayed": ("is delayed", "are delayed"),
    "disconnected": ("keeps disconnecting", "keep disconnecting"),
    "down": ("is down", "are down"),
    "duplicate": ("is duplicated", "are duplicated"),
    "error": ("fails with an error", "fail with an error"),
    "expired": ("has expired and does not work", "have expired and do not work"),
    "httperror": ("returns error pages", "return error pages"),
    "loop": ("is stuck in a loop", "are stuck in a loop"),
    "lostitem": ("is lost", "are lost"),
    "missing": ("is missing", "are missing"),
    "outdated": ("is out of date", "are out of date"),
    "outofsync": ("is out of sync and out of date", "are out of sync and out of date"),
    "overcharge": ("charges a wrong amount", "charge wrong amounts"),
    "pending": ("is stuck as pending", "are stuck as pending"),
    "quality": ("has poor quality", "have poor quality"),
    "realtime": ("is out of date", "are out of date"),
    "shortfall": ("shows a wrong, too low amount", "show wrong, too low amounts"),
    "slow": ("is very slow", "are very slow"),
    "timeout": ("is timing out", "are timing out"),
    "unknownerror": ("fails with an error", "fail with an error"),
    "unreachable": ("cannot be reached", "cannot be reached"),
    "unrecognised": ("is wrong or not recognised", "are wrong or not recognised"),
    "vanished": ("is missing", "are missing"),
    "wrong": ("shows wrong information", "show wrong information"),
}
# What keeps a thing is not what is lost.
LOST, KEEPERS = "lostitem", frozenset({"atm", "cardreader", "device", "kiosk", "locker"})
ANY_SYMPTOM = ("is not working", "are not working")


def title_of(fault: Fault) -> str:
    """Name a wave in a sentence: "Login is not working"."""
    symptom = next((name for name in fault.symptoms if name in SYMPTOMS), "")
    things = tuple(name for name in fault.subjects if name not in KEEPERS)
    among = things if symptom == LOST and things else fault.subjects
    name, is_many = subject_named(_heaviest(among))
    return f"{name} {SYMPTOMS.get(symptom, ANY_SYMPTOM)[is_many]}"


def draft_title_of(fault: Fault) -> str:
    """Title an incident opened from a wave; how many are concerned nobody knows yet."""
    return f"{title_of(fault)} for some customers"


def subject_named(subject: str) -> tuple[str, bool]:
    """What a subject is called at the beginning of a sentence, and whether that is a plural."""
    return subjects().get(subject, (subject.capitalize(), False))


@cache
def subjects() -> dict[str, tuple[str, bool]]:
    """The names of subjects, as they are written down."""
    found: dict[str, tuple[str, bool]] = {}
    is_many = False
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            is_many = line == "= are"
        elif line and not line.startswith("#"):
            subject, name = line.split(" ", 1)
            found[subject] = name, is_many
    return found


def _heaviest(among: tuple[str, ...]) -> str:
    """The one that tells most; of equals the one that most customers name."""
    weights = {concept.name: concept.weight for concept in lexicon().concepts}
    return max(among, key=lambda name: weights.get(name, 0.0))
