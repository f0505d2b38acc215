"""The verbs of a tenant's own models: where customers' words may be sent is on record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from assist.embeddings import wanting
from assist.models import EmbeddingModel, LanguageModel
from assist.stack import rewording
from atender.actors import Actor
from atender.locking import held
from incidents.recording import record

OwnModel = LanguageModel | EmbeddingModel
# What each is called on record, and how what it made before is made anew.
KINDS: Mapping[type[OwnModel], tuple[str, Callable[[Any], None]]] = {
    LanguageModel: ("language_model", rewording.begin),
    EmbeddingModel: ("embedding_model", wanting.begin),
}


@transaction.atomic
def keep_model(model: OwnModel, *, by: Actor, at: datetime | None = None) -> None:
    """Store a model as its form has checked it; what it made before is forgotten. Raises Gone."""
    kind, begin = KINDS[type(model)]
    action = "added" if model._state.adding else "changed"
    if not model._state.adding:
        # Saved without a look, a model that a colleague deleted meanwhile would be there again.
        held(model, to_delete=True)
    model.save()
    begin(model)
    _record(f"{kind}.{action}", model, by=by, at=at)


@transaction.atomic
def remove_model(model: OwnModel, *, by: Actor, at: datetime | None = None) -> None:
    """Delete a model with all that it made; messages are judged and matched without it.

    Raises Gone.
    """
    kind, _begin = KINDS[type(model)]
    held(model, to_delete=True)
    _record(f"{kind}.removed", model, by=by, at=at)
    model.delete()


def _record(action: str, model: OwnModel, *, by: Actor, at: datetime | None) -> None:
    said = {"model": model.model, "base_url": model.base_url, "is_active": model.is_active}
    record(action, model.pk, by=by, at=at or timezone.now(), **said)
