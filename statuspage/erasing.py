"""What the readers' lists of private pages keep of a person."""

from django.db.models import QuerySet

from atender.erasing import Holding, register
from statuspage.models import AllowedAddress


def _entries(address: str) -> QuerySet[AllowedAddress]:
    return AllowedAddress.objects.filter(pattern=address.lower())


register(
    Holding(
        "readers' lists",
        "readers' list",
        lambda a: _entries(a).count(),
        lambda a: _entries(a).delete()[0],
    )
)
