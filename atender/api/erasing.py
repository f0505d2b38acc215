"""Answers that are kept for repeated requests quote what was sent: addresses, customers' words."""

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from atender.api.models import IdempotentRequest
from atender.erasing import Holding, register


def _answers(address: str) -> QuerySet[IdempotentRequest]:
    said = IdempotentRequest.objects.alias(said=Cast("answer", TextField()))
    return said.filter(said__icontains=address)


register(
    # The request sent once more is a new one then: it has nothing to be answered with.
    Holding(
        "answers kept for a day",
        "answer kept for a day",
        lambda address: _answers(address).count(),
        lambda address: _answers(address).delete()[0],
    )
)
