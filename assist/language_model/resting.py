"""Rests a model that keeps failing for a minute; otherwise every reply would wait for it."""

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from assist.models import LanguageModel

FAILURES, REST_S = 3, 60.0
MOST_KEPT = 1_000


@dataclass(slots=True)
class Health:
    failures: int = 0
    rests_until: float = 0.0


_kept: dict[tuple[str, str, str], Health] = {}
_lock = Lock()


def _name(model: LanguageModel) -> tuple[str, str, str]:
    return str(model.pk), model.base_url, model.model


def is_resting(model: LanguageModel) -> bool:
    with _lock:
        health = _kept.get(_name(model))
        return health is not None and monotonic() < health.rests_until


def note_failure(model: LanguageModel) -> None:
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        health = _kept.setdefault(_name(model), Health())
        health.failures += 1
        if health.failures >= FAILURES:
            health.rests_until = monotonic() + REST_S


def note_answer(model: LanguageModel) -> None:
    with _lock:
        _kept.pop(_name(model), None)
