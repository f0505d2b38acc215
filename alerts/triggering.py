"""Alerts raised and ended by their keys, as monitors and other systems report them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alerts.lifecycle import resolve
from alerts.models import Alert, AlertSeverity, AlertSource, AlertStatus, EntryKind
from alerts.models.alerts import KEY_LENGTH, SUMMARY_LENGTH
from alerts.recording import announce, line, write, write_all
from atender.actors import Actor
from atender.ids import new_ulid
from atender.outbound.targets import is_web_address
from atender.refusals import Refused
from atender.texts import clean_line, clean_text
from monitors.models import Monitor, Service


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an alert is about; without a `dedup_key` it is unlike any other.

    `origin_id` says whose key it is. `occurrence` tells one time from the next, so that what is
    sent again after it was resolved is no new alert.
    """

    summary: str
    severity: str = AlertSeverity.ERROR
    source: str = AlertSource.API
    dedup_key: str = ""
    origin_id: str | None = None
    occurrence: str = ""
    url: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    monitor: Monitor | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Raising:
    """A trouble, who reports it, and since when it exists."""

    trouble: Trouble
    by: Actor
    at: datetime


def trigger(trouble: Trouble, *, by: Actor, at: datetime | None = None) -> tuple[Alert, bool]:
    """Raise an alert; returns it and whether it is new. Raises Refused.

    While one with the same key is open, or has seen the same occurrence, nothing changes: neither
    who has it nor its timeline.
    """
    (answer,) = trigger_all([Raising(trouble, by, at or timezone.now())])
    return answer


@transaction.atomic
def trigger_all(raisings: Sequence[Raising]) -> list[tuple[Alert, bool]]:
    """Raise many in a few statements, all or none; answers for each as `trigger` does."""
    keys = [checked_key(raising.trouble.dedup_key) for raising in raisings]
    troubles = [(raising.trouble, key) for raising, key in zip(raisings, keys, strict=True)]
    hold_keys((trouble.origin_id, key) for trouble, key in troubles)
    known, answers = _Known(troubles), []
    for raising, key in zip(raisings, keys, strict=True):
        standing = known.of(raising.trouble, key)
        alert = standing or _made(raising.trouble, key, at=raising.at, id=new_ulid())
        known.add(alert)
        answers.append((alert, standing is None))
    _keep_new([(r, alert) for r, (alert, is_new) in zip(raisings, answers, strict=True) if is_new])
    return answers


def _keep_new(new: Sequence[tuple[Raising, Alert]]) -> None:
    alerts = [alert for _, alert in new]
    Alert.objects.bulk_create(alerts)
    write_all(
        line(alert, EntryKind.TRIGGERED, by=raising.by, at=raising.at, text=alert.summary)
        for raising, alert in new
    )
    announce(EntryKind.TRIGGERED, alerts)


def _made(trouble: Trouble, key: str, *, at: datetime, **state: Any) -> Alert:
    return Alert(
        summary=clean_line(
            trouble.summary, field="summary", noun="A summary", longest=SUMMARY_LENGTH
        ),
        severity=_checked_severity(trouble.severity),
        source=trouble.source,
        origin_id=trouble.origin_id,
        dedup_key=key,
        occurrence=trouble.occurrence[:64],
        url=_checked_link(trouble.url),
        details=dict(trouble.details),
        monitor=trouble.monitor,
        service=trouble.service or (trouble.monitor.service if trouble.monitor else None),
        triggered_at=at,
        **state,
    )


def checked_key(key: str) -> str:
    """Return a key as it is kept, one of its own where none is given. Raises Refused."""
    if len(key) > KEY_LENGTH:
        raise Refused(
            f"A key has at most {KEY_LENGTH} characters; this one has {len(key)}.",
            field="dedup_key",
        )
    return clean_text(key, field="dedup_key") or new_ulid()


def _checked_link(url: str) -> str:
    if url and not is_web_address(url):
        raise Refused(
            "A link is a web address, as in https://ci.example.com/builds/4711.", field="url"
        )
    return url


def _checked_severity(severity: str) -> str:
    if severity not in AlertSeverity.values:
        raise Refused(
            f"'{severity[:40]}' is no severity of an alert; it is one of "
            f"{', '.join(AlertSeverity.values)}.",
            field="severity",
        )
    return severity


def hold_keys(keys: Iterable[tuple[str | None, str]]) -> None:
    """Let nobody else raise or look for these keys until the transaction ends.

    All at once and in one order, as `atender.turns` does for one.
    """
    named = sorted({f" alert {origin_id or ''} {key}" for origin_id, key in keys})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || key, 31)) "
            "FROM unnest(%s::text[]) AS named(key)",
            [named],
        )


class _Known:
    """Alerts that stand for troubles: open under their keys, or of the same occurrence."""

    def __init__(self, troubles: Sequence[tuple[Trouble, str]]) -> None:
        same = Alert.objects.filter(dedup_key__in={key for _, key in troubles})
        self._open = {(a.origin_id, a.dedup_key): a for a in same.open()}
        self._seen: dict[tuple[str | None, str, str], Alert] = {}
        if occurrences := {_occurrence(trouble) for trouble, _ in troubles} - {""}:
            for alert in same.filter(occurrence__in=occurrences).order_by("id"):
                self._seen[alert.origin_id, alert.dedup_key, alert.occurrence] = alert

    def of(self, trouble: Trouble, key: str) -> Alert | None:
        standing = self._open.get((trouble.origin_id, key))
        return standing or self._seen.get((trouble.origin_id, key, _occurrence(trouble)))

    def add(self, alert: Alert) -> None:
        self._open[alert.origin_id, alert.dedup_key] = alert


def _occurrence(trouble: Trouble) -> str:
    return trouble.occurrence[:64]


@transaction.atomic
def resolve_key(
    origin_id: str | None, key: str, *, by: Actor, at: datetime | None = None, text: str = ""
) -> Alert | None:
    """End the open alert of a key, if there is one, because its source reports that it is over."""
    key = checked_key(key)
    hold_keys([(origin_id, key)])
    standing = Alert.objects.open().filter(origin_id=origin_id, dedup_key=key).first()
    return resolve(standing, by=by, at=at, text=text) if standing else None


@transaction.atomic
def note_over(trouble: Trouble, *, by: Actor, at: datetime | None = None) -> Alert | None:
    """Record that an occurrence never heard of is over; nobody is called.

    The report that it began may arrive after the report that it ended, and then raises nothing.
    """
    at = at or timezone.now()
    key = checked_key(trouble.dedup_key)
    hold_keys([(trouble.origin_id, key)])
    if not trouble.occurrence or _Known([(trouble, key)]).of(trouble, key) is not None:
        return None
    alert = _made(
        trouble, key, at=at, status=AlertStatus.RESOLVED, resolved_at=at, wants_page=False
    )
    alert.save()
    write(alert, EntryKind.RESOLVED, by=by, at=at, text="It was over before it was heard of.")
    return alert
