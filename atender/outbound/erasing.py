"""Letters that wait for a mail server; once sent they are forgotten anyway."""

from django.db.models import Q, QuerySet

from atender.erasing import Holding, register
from atender.outbound.models import Letter


def _letters(address: str) -> QuerySet[Letter]:
    return Letter.objects.filter(Q(to__iexact=address) | Q(text__icontains=address))


register(
    Holding("waiting letters", lambda a: _letters(a).count(), lambda a: _letters(a).delete()[0])
)
