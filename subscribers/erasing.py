"""What subscribers' app keeps of a person, and how it forgets it."""

from django.db.models import QuerySet

from atender.erasing import Holding, register
from atender.refusals import Conflict
from subscribers.models import ContactFile, ContactProblem, Delivery, Subscriber


class ImportNamesIt(Conflict):
    """A file that is being imported would bring the address back."""


def _subscribers(address: str) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(address__iexact=address)


def _deliveries(address: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscriber__address__iexact=address)


def _remarks(address: str) -> QuerySet[ContactProblem]:
    return ContactProblem.objects.filter(remark__icontains=address)


def _forget_subscribers(address: str) -> int:
    if ContactFile.objects.filter(text__icontains=address).exists():
        raise ImportNamesIt(
            "A file that names this address is being imported just now; erase it once that is done."
        )
    return _subscribers(address).delete()[1].get("subscribers.Subscriber", 0)


register(
    Holding(
        "deliveries",
        lambda address: _deliveries(address).count(),
        lambda address: _deliveries(address).delete()[1].get("subscribers.Delivery", 0),
    )
)
register(Holding("subscriptions", lambda a: _subscribers(a).count(), _forget_subscribers))
register(
    Holding("remarks of imports", lambda a: _remarks(a).count(), lambda a: _remarks(a).delete()[0])
)
