"""Asks for a look by meaning at messages that matched nothing. Only writes rows."""

from django.db import transaction
from django.utils import timezone

from assist.models import EmbeddingModel, Message, MessageVector
from atender.due.gathering import gather

WEIGHING = "assist.weigh_meanings"


def model_in_use() -> EmbeddingModel | None:
    return EmbeddingModel.objects.filter(is_active=True).first()


def want(*messages: Message) -> None:
    """Have these messages looked at by meaning, if the tenant's model knows their language.

    Without messages, what the incidents tell is made ready for the next one.
    """
    model = model_in_use()
    if model is None:
        return
    now = timezone.now()
    rows = [
        MessageVector(model=model, message=message, wanted_at=now, written_at=message.created_at)
        for message in messages
        if message.language in model.languages
    ]
    with transaction.atomic():
        MessageVector.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["message"], update_fields=["wanted_at"]
        )
        gather(WEIGHING)


def begin(model: EmbeddingModel) -> None:
    """Forget what the model made, and whatever another one made of messages; then make it anew."""
    with transaction.atomic():
        # Locked, so that a worker in the middle of asking keeps nothing of it afterwards.
        EmbeddingModel.objects.select_for_update().get(pk=model.pk)
        MessageVector.objects.all().delete()
        model.incidents.all().delete()
        model.ordinary.all().delete()
        model.dimensions, model.failures, model.trouble, model.rests_until = None, 0, "", None
        model.save(update_fields=["dimensions", "failures", "trouble", "rests_until"])
        if model.is_active:
            gather(WEIGHING)
