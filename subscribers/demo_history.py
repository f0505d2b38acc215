"""What the demo's subscribers were told in the past: as sent, and nothing leaves for it."""

from datetime import datetime

from atender.ids import ulid_at
from incidents.models import IncidentUpdate, Page
from subscribers.models import (
    Channel,
    Delivery,
    DeliveryState,
    Kinds,
    Notice,
    NoticeKind,
    NoticeState,
    Subscriber,
)


def tell_the_past(page: Page) -> None:
    """Write a notice for each public update, and a mail to whoever had subscribed by then."""
    said = IncidentUpdate.objects.visible().filter(
        incident__publications__page=page, incident__kind="incident", notices=None
    )
    people = list(
        Subscriber.objects.filter(page=page)
        .exclude(kinds=Kinds.MAINTENANCE)
        .prefetch_related("scopes")
    )
    affected: dict[str, set[str]] = {}
    told: list[tuple[Notice, list[Subscriber]]] = []
    for update in said.select_related("incident").order_by("posted_at"):
        incident = update.incident
        if incident.pk not in affected:
            affected[incident.pk] = set(incident.components.values_list("pk", flat=True))
        hearing = [one for one in people if _hears(one, update.posted_at, affected[incident.pk])]
        if hearing:
            told.append((_notice(update, page), hearing))
    notices = [notice for notice, _ in told]
    Notice.objects.bulk_create(notices)
    Delivery.objects.bulk_create(
        [_delivery(notice, one) for notice, hearing in told for one in hearing]
    )
    for notice in notices:
        notice.created_at = notice.due_at
    Notice.objects.bulk_update(notices, ["created_at"])


def _hears(subscriber: Subscriber, at: datetime, components: set[str]) -> bool:
    scopes = {scope.component_id for scope in subscriber.scopes.all()}
    return subscriber.created_at <= at and (None in scopes or bool(scopes & components))


def _notice(update: IncidentUpdate, page: Page) -> Notice:
    return Notice(
        id=ulid_at(update.posted_at),
        kind=NoticeKind.UPDATE,
        incident=update.incident,
        update=update,
        page_ids=[page.pk],
        state=NoticeState.SENT,
        due_at=update.posted_at,
        sent_at=update.posted_at,
    )


def _delivery(notice: Notice, subscriber: Subscriber) -> Delivery:
    return Delivery(
        notice=notice,
        update_id=notice.update_id,
        subscriber=subscriber,
        channel=Channel.EMAIL,
        state=DeliveryState.SENT,
        due_at=notice.due_at,
        attempts=1,
        created_at=notice.due_at,
        sent_at=notice.due_at,
    )
