from django.db.models import QuerySet

from alerts.models import ContactMethod
from atender.erasing import Holding, register


def _methods(address: str) -> QuerySet[ContactMethod]:
    return ContactMethod.objects.filter(address__iexact=address)


register(
    Holding(
        "ways to be called",
        "way to be called",
        lambda a: _methods(a).count(),
        lambda a: _methods(a).delete()[0],
    )
)
