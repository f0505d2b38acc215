"""One batch of rows becomes subscribers, in a handful of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.functions import Lower

from atender.ids import ulid_text, ulid_uuid
from atender.refusals import Refused
from statuspage.access.listing import allowed_among, judges
from subscribers.importing.inserting import insert_like
from subscribers.importing.reading import Row
from subscribers.importing.wishes import Directory, Wish
from subscribers.models import Channel, ContactImport, Scope, Subscriber, SubscriberState
from subscribers.people.enrolment import NOT_ON_LIST
from subscribers.people.followers import drop_scopes


@dataclass(slots=True)
class Told:
    """What became of the rows; `problems` are lines with reasons."""

    imported: int = 0
    skipped: int = 0
    left: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def take_in(run: ContactImport, rows: Sequence[Row], *, at: datetime) -> Told:
    """Subscribe whom the rows name, unless they are known. Call it in the import's transaction.

    Subscribers keep what they chose; people who left, or whose address bounced, stay out. Those who
    were asked and have not answered yet are subscribed, who may not read the page is not. Six or
    seven statements, however many rows.
    """
    told = Told()
    wishes = _wishes(run, rows, told)
    known = _known(run, wishes)
    for lower, (_, state) in known.items():
        if state != SubscriberState.PENDING:
            del wishes[lower]
            told.skipped += 1
            told.left += state != SubscriberState.ACTIVE
    for lower in _suppressed_elsewhere(wishes):
        del wishes[lower]
        told.skipped += 1
        told.left += 1
    ids = {lower: pk for lower, (pk, _) in known.items() if lower in wishes}
    _activate(run, list(ids.values()), at=at)
    new = [wish for lower, wish in wishes.items() if lower not in ids]
    ids |= _add(run, new, at=at)
    _scope([(ids[lower], wish) for lower, wish in wishes.items() if lower in ids])
    told.imported = len(ids)
    # Whoever subscribed with one of the addresses at this very moment was first.
    told.skipped += len(wishes) - len(ids)
    return told


def _wishes(run: ContactImport, rows: Iterable[Row], told: Told) -> dict[str, Wish]:
    directory = Directory(run.page)
    wishes: dict[str, Wish] = {}
    lines: dict[str, int] = {}
    for row in rows:
        try:
            wish = directory.wish_of(row)
        except Refused as refusal:
            told.problems.append((row.line, refusal.sentence))
            continue
        told.skipped += wish.address.lower() in wishes
        wishes.setdefault(wish.address.lower(), wish)
        lines.setdefault(wish.address.lower(), row.line)
    if judges(run.page):
        allowed = allowed_among(run.page, wishes)
        told.problems += [(lines[lower], NOT_ON_LIST) for lower in wishes if lower not in allowed]
        wishes = {lower: wish for lower, wish in wishes.items() if lower in allowed}
    return wishes


def _known(run: ContactImport, addresses: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Ids and states of those among the addresses who are known, locked."""
    rows = Subscriber.objects.select_for_update().annotate(lower=Lower("address"))
    same = rows.filter(page=run.page, channel=Channel.EMAIL, lower__in=list(addresses))
    found = same.order_by("id").values_list("address", "id", "state")
    return {address.lower(): (pk, state) for address, pk, state in found}


def _suppressed_elsewhere(addresses: Iterable[str]) -> set[str]:
    """Those that bounced or complained on another page."""
    suppressed = Subscriber.objects.filter(
        state=SubscriberState.SUPPRESSED, channel=Channel.EMAIL
    ).annotate(lower=Lower("address"))
    return set(suppressed.filter(lower__in=list(addresses)).values_list("lower", flat=True))


def _activate(run: ContactImport, ids: Sequence[str], *, at: datetime) -> None:
    if not ids:
        return
    drop_scopes(Scope.objects.filter(subscriber__in=ids))
    Subscriber.objects.filter(pk__in=ids).update(
        state=SubscriberState.ACTIVE, verified_at=at, came_with=run
    )


def _add(run: ContactImport, wishes: Sequence[Wish], *, at: datetime) -> dict[str, str]:
    """Return the ids of those who were added."""
    like = Subscriber(page=run.page, state=SubscriberState.ACTIVE, verified_at=at, came_with=run)
    own = {
        "address": [wish.address for wish in wishes],
        "language": [wish.language for wish in wishes],
    }
    added = insert_like(like, own, returning=["address", "id"])
    return {address.lower(): ulid_text(pk) for address, pk in added}


def _scope(wanted: Sequence[tuple[str, Wish]]) -> None:
    pairs = [
        (ulid_uuid(pk), component and ulid_uuid(component.pk))
        for pk, wish in wanted
        for component in (wish.components or (None,))
    ]
    own: dict[str, list[Any]] = {
        "subscriber_id": [subscriber for subscriber, _ in pairs],
        "component_id": [component for _, component in pairs],
    }
    insert_like(Scope(), own, returning=["id"])
