"""Rests a model that keeps failing for a minute; otherwise every reply would wait for it.

Each process counts for itself; why a model failed last is stored, for the console to say.
"""

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from django.utils import timezone

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


def note_failure(model: LanguageModel, sentence: str) -> None:
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        health = _kept.setdefault(_name(model), Health())
        health.failures += 1
        if health.failures >= FAILURES:
            health.rests_until = monotonic() + REST_S
    model.trouble, model.failed_at = sentence, timezone.now()
    _keep(model)


def note_answer(model: LanguageModel) -> None:
    with _lock:
        _kept.pop(_name(model), None)
    if model.trouble:
        model.trouble, model.failed_at = "", None
        _keep(model)


def _keep(model: LanguageModel) -> None:
    # Only what is this module's: staff may be changing the rest at this moment.
    LanguageModel.objects.filter(pk=model.pk, base_url=model.base_url, model=model.model).update(
        trouble=model.trouble, failed_at=model.failed_at
    )
