"""Rests a model that keeps failing, longer each time; the console says why."""

from datetime import datetime, timedelta

from assist.models import EmbeddingModel

FAILURES = 3
PAUSE, REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1)


def note_failure(model: EmbeddingModel, sentence: str, *, at: datetime) -> datetime:
    """Keep why; returns when it may be asked again."""
    model.failures += 1
    model.trouble = sentence
    beyond = model.failures - FAILURES
    rest = PAUSE if beyond < 0 else min(REST * (1 << min(beyond, 6)), LONGEST_REST)
    model.rests_until = at + rest
    _keep(model)
    return model.rests_until


def note_answer(model: EmbeddingModel, dimensions: int) -> None:
    if (model.failures, model.trouble, model.dimensions) == (0, "", dimensions):
        return
    model.failures, model.trouble, model.rests_until = 0, "", None
    model.dimensions = dimensions
    _keep(model)


def _keep(model: EmbeddingModel) -> None:
    # Only what is this module's: staff may be changing the rest at this moment.
    EmbeddingModel.objects.filter(pk=model.pk, base_url=model.base_url, model=model.model).update(
        failures=model.failures,
        trouble=model.trouble,
        rests_until=model.rests_until,
        dimensions=model.dimensions,
    )
