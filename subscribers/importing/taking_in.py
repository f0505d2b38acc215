"""One batch of rows becomes subscribers, in a handful of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models.functions import Lower

from atender.refusals import Refused
from subscribers.importing.reading import Row
from subscribers.importing.wishes import Directory, Wish
from subscribers.models import Channel, ContactImport, Scope, Subscriber, SubscriberState


@dataclass(slots=True)
class Told:
    """What became of the rows; `problems` are lines with reasons."""

    imported: int = 0
    skipped: int = 0
    left: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def take_in(run: ContactImport, rows: Sequence[Row], *, at: datetime) -> Told:
    """Subscribe whom the rows name, unless they are known. Call it in the import's transaction.

    Who is subscribed keeps what they chose; who left, or whose address bounced, stays out. Who was
    asked and has not answered yet is subscribed. Raises IntegrityError when somebody subscribes
    with one of the addresses at the same moment.
    """
    told = Told()
    wishes = _wishes(run, rows, told)
    for lower, subscriber in _known(run, wishes).items():
        if subscriber.state == SubscriberState.PENDING:
            continue
        del wishes[lower]
        told.skipped += 1
        told.left += subscriber.state != SubscriberState.ACTIVE
    asked = _known(run, wishes)
    _activate(run, asked.values(), at=at)
    _add(run, [wish for lower, wish in wishes.items() if lower not in asked], at=at)
    there = _known(run, wishes)
    _scope((there[lower], wish) for lower, wish in wishes.items())
    told.imported = len(wishes)
    return told


def _wishes(run: ContactImport, rows: Iterable[Row], told: Told) -> dict[str, Wish]:
    directory = Directory(run.page)
    wishes: dict[str, Wish] = {}
    for row in rows:
        try:
            wish = directory.wish_of(row)
        except Refused as refusal:
            told.problems.append((row.line, refusal.sentence))
            continue
        told.skipped += wish.address.lower() in wishes
        wishes.setdefault(wish.address.lower(), wish)
    return wishes


def _known(run: ContactImport, addresses: Iterable[str]) -> dict[str, Subscriber]:
    rows = Subscriber.objects.select_for_update().alias(lower=Lower("address"))
    same = rows.filter(page=run.page, channel=Channel.EMAIL, lower__in=list(addresses))
    return {subscriber.address.lower(): subscriber for subscriber in same.order_by("id")}


def _activate(run: ContactImport, asked: Iterable[Subscriber], *, at: datetime) -> None:
    ids = [subscriber.pk for subscriber in asked]
    Scope.objects.filter(subscriber__in=ids).delete()
    Subscriber.objects.filter(pk__in=ids).update(
        state=SubscriberState.ACTIVE, verified_at=at, came_with=run
    )


def _add(run: ContactImport, wishes: Sequence[Wish], *, at: datetime) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(
            page=run.page,
            address=wish.address,
            language=wish.language,
            state=SubscriberState.ACTIVE,
            verified_at=at,
            came_with=run,
        )
        for wish in wishes
    )


def _scope(wanted: Iterable[tuple[Subscriber, Wish]]) -> None:
    Scope.objects.bulk_create(
        Scope(subscriber=subscriber, component=component)
        for subscriber, wish in wanted
        for component in (wish.components or (None,))
    )
