"""The verbs of a tenant's own models: where customers' words may be sent is on record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from assist.embeddings import wanting
from assist.matching.languages import NAMES
from assist.models import EmbeddingModel, LanguageModel
from assist.stack import rewording
from atender.actors import Actor
from atender.locking import held
from atender.meanwhile import check_seen, digest_of
from incidents.recording import record

OwnModel = LanguageModel | EmbeddingModel
# What each is called on record, and how what it made before is made anew.
KINDS: Mapping[type[OwnModel], tuple[str, Callable[[Any], None]]] = {
    LanguageModel: ("language_model", rewording.begin),
    EmbeddingModel: ("embedding_model", wanting.begin),
}


@transaction.atomic
def keep_model(
    model: OwnModel, *, by: Actor, seen: str | None = None, at: datetime | None = None
) -> None:
    """Store a model as its form has checked it; what it made before is forgotten.

    `seen` is what its author saw of it, by `seen_of`. Raises ChangedMeanwhile, and Gone.
    """
    kind, begin = KINDS[type(model)]
    action = "added" if model._state.adding else "changed"
    if not model._state.adding:
        # Saved without a look, a model that a colleague deleted meanwhile would be there again.
        stands = held(model, to_delete=True)
        check_model(stands, _facts(model), seen=seen)
    model.save()
    begin(model)
    _record(f"{kind}.{action}", model, by=by, at=at)


def check_model(stands: OwnModel, wanted: Mapping[str, Any], *, seen: str | None) -> None:
    """Refuse to replace a model that was not seen as it stands. Raises ChangedMeanwhile."""
    check_seen(stands, wanted, facts=_facts, told=_told, seen=seen)


def seen_of(model: OwnModel) -> str:
    """Return the digest that says, to `keep_model`, that the model was seen as it is."""
    return digest_of(_facts(model))


def _facts(model: OwnModel) -> dict[str, Any]:
    # Its key is never shown, so that it is neither compared nor told.
    own = {"base_url": model.base_url, "model": model.model, "is_active": model.is_active}
    if isinstance(model, LanguageModel):
        return {**own, "phrases_answers": model.phrases_answers}
    return {**own, "languages": sorted(model.languages)}


def _told(model: OwnModel) -> str:
    said = f"It is “{model.model}” at {model.base_url}, {'' if model.is_active else 'not '}in use"
    if isinstance(model, LanguageModel):
        return f"{said}, and {'phrases' if model.phrases_answers else 'does not phrase'} answers."
    return f"{said}, for {', '.join(NAMES[one] for one in model.languages)}."


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
