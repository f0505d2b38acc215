"""What this app keeps about a person, and how it forgets it."""

from django.db.models import Q, QuerySet

from atender.erasing import Holding, naming, reads_address, register
from atender.phones import clean_phone
from atender.refusals import Conflict
from subscribers.calls.addressing import clean_url, shown_address
from subscribers.models import (
    CALLED,
    ContactFile,
    ContactProblem,
    Delivery,
    Subscriber,
    SubscriberState,
    Verification,
)
from subscribers.people.vanishing import forget_deliveries, vanish


class ImportNamesIt(Conflict):
    """A file that is being imported names the address and would bring it back."""


@reads_address
def _phone_or_url(text: str) -> str | None:
    """A phone number, or what a webhook or chat is called at."""
    if "://" in text:
        return clean_url(text)
    return clean_phone(text) if text[:1] == "+" or text.isdigit() else None


def _subscribers(address: str) -> QuerySet[Subscriber]:
    """Return the subscribers of an address, and those whose endpoints it owns."""
    if "://" in address:
        called = Q()
        for channel in CALLED:
            called |= Q(channel=channel, address=shown_address(channel, address))
        return Subscriber.objects.filter(called)
    owned = Q(endpoint__owner_email__iexact=address)
    asked = Q(verifications__asked__owner__iexact=address, state=SubscriberState.PENDING)
    return Subscriber.objects.filter(Q(address__iexact=address) | owned | asked).distinct()


def _questions(address: str) -> QuerySet[Verification]:
    return Verification.objects.filter(asked__owner__iexact=address)


def _deliveries(address: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscriber__in=_subscribers(address).values("pk"))


def _remarks(address: str) -> QuerySet[ContactProblem]:
    return ContactProblem.objects.filter(remark__iregex=naming(address))


def _forget_subscribers(address: str) -> int:
    if ContactFile.objects.filter(text__iregex=naming(address)).exists():
        raise ImportNamesIt(
            "A file that names this address is being imported just now; erase it once that is done."
        )
    people = list(_subscribers(address))
    _questions(address).delete()
    vanish(people)
    return len(people)


register(
    Holding(
        "deliveries",
        "delivery",
        lambda address: _deliveries(address).count(),
        lambda address: forget_deliveries(list(_subscribers(address))),
    ),
    Holding(
        "subscriptions",
        "subscription",
        lambda a: _subscribers(a).count(),
        _forget_subscribers,
    ),
    Holding(
        "remarks of imports",
        "remark of an import",
        lambda a: _remarks(a).count(),
        lambda a: _remarks(a).delete()[0],
    ),
)
