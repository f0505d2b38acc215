"""Subscribers as a CSV file that a spreadsheet opens and that cannot harm it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from subscribers.importing.reading import guarded
from subscribers.models import CALLED, Channel, Scope, Subscriber

COLUMNS = (
    "email",
    "language",
    "components",
    "incidents",
    "kinds",
    "state",
    "page",
    "created_at",
    "verified_at",
    "unsubscribed_at",
    "channel",
    "address",
    "owner",
)
AT_ONCE = 1000


class _Echo:
    """What a CSV writer writes to: it hands each line on."""

    def write(self, text: str) -> str:
        return text


def csv_of(subscribers: QuerySet[Subscriber]) -> StreamingHttpResponse:
    """Answer the rows as they are read; memory does not grow with them."""
    name = f"subscribers-{timezone.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    lines = _lines(subscribers)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(subscribers: QuerySet[Subscriber]) -> Iterator[str]:
    scopes = Prefetch("scopes", Scope.objects.select_related("component", "incident"))
    rows = (
        subscribers.select_related("page", "endpoint")
        .prefetch_related(None)
        .prefetch_related(scopes)
    )
    writer = csv.writer(_Echo())
    # A byte order mark tells spreadsheets that it is UTF-8.
    yield "\ufeff" + writer.writerow(COLUMNS)
    for subscriber in rows.iterator(chunk_size=AT_ONCE):
        yield writer.writerow([guarded(cell) for cell in _cells(subscriber)])


def _cells(subscriber: Subscriber) -> list[str]:
    scopes = subscriber.scopes.all()
    is_mail = subscriber.channel == Channel.EMAIL
    is_called = subscriber.channel in CALLED
    return [
        subscriber.address if is_mail else "",
        subscriber.language,
        "; ".join(scope.component.name for scope in scopes if scope.component),
        "; ".join(scope.incident.title for scope in scopes if scope.incident),
        subscriber.kinds,
        subscriber.state,
        subscriber.page.name,
        *map(_moment, (subscriber.created_at, subscriber.verified_at, subscriber.unsubscribed_at)),
        subscriber.channel,
        subscriber.address,
        subscriber.endpoint.owner_email if is_called else "",
    ]


def _moment(at: Any) -> str:
    return at.isoformat(timespec="seconds") if at else ""
