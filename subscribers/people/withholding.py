"""Subscribers who may not read their page: told nothing, until they may again or staff end them.

Nobody is ended by a change of the list itself. A list is pasted wrong as easily as right, and who
is back on it is told again as before.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from incidents.models import Page
from incidents.recording import record
from statuspage.models import Access
from subscribers.models import CALLED, LEAVABLE, Endpoint, Subscriber, SubscriberState
from subscribers.models.people import SubscriberQuerySet


def address_behind(subscriber: Subscriber) -> str:
    """Return whose reading decides: an endpoint's owner, "" where staff look after it."""
    if subscriber.channel not in CALLED:
        return subscriber.address
    owners = Endpoint.objects.filter(pk=subscriber.pk).values_list("owner_email", flat=True)
    return owners.first() or ""


def is_withheld(subscriber: Subscriber) -> bool:
    return bool(withheld_among([subscriber]))


def withheld_among(subscribers: Iterable[Subscriber]) -> set[str]:
    """Return the ids of those who may not read their page. One query."""
    ids = [subscriber.pk for subscriber in subscribers]
    rows = Subscriber.objects.withheld().filter(pk__in=ids).order_by()
    return set(rows.values_list("pk", flat=True))


def still_subscribed(page: Page) -> SubscriberQuerySet:
    """Those of a page who have not left."""
    return Subscriber.objects.filter(page=page, state__in=LEAVABLE)


@transaction.atomic
def end_withheld(page: Page, *, by: Actor, at: datetime | None = None) -> int:
    """End the subscriptions of those who may not read the page; returns how many. Idempotent.

    Who is back on the list at that very moment stays.
    """
    return _end(page, by=by, at=at, is_everybody=False)


@transaction.atomic
def end_all(page: Page, *, by: Actor, at: datetime | None = None) -> int:
    """End every subscription of a page, for pages that cannot tell who may read them."""
    return _end(page, by=by, at=at, is_everybody=True)


def _end(page: Page, *, by: Actor, at: datetime | None, is_everybody: bool) -> int:
    at = at or timezone.now()
    # As whoever changes the list does.
    Access.objects.select_for_update(no_key=True).get(page=page)
    rows = still_subscribed(page) if is_everybody else still_subscribed(page).withheld()
    ids = list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Subscriber.objects.filter(pk__in=ids).update(
        state=SubscriberState.UNSUBSCRIBED, unsubscribed_at=at
    )
    if ids:
        whose = "everybody" if is_everybody else "not_allowed"
        record("subscribers.ended", page.pk, by=by, at=at, count=len(ids), whose=whose)
    return len(ids)
