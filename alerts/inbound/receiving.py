"""From another system's report to alerts raised and ended: all of a body or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from alerts.inbound import alertmanager, generic
from alerts.inbound.reports import Report
from alerts.models import Alert, AlertSource, InboundSource, SourceKind
from alerts.together import locked_all
from alerts.triggering import Trouble, checked_key, hold_keys, note_over, resolve_key, trigger
from atender.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Taken:
    """How many reports a body held, and what they changed."""

    received: int
    triggered: int
    resolved: int


def reports_in(body: Any, source: InboundSource, form: str) -> list[Report]:
    """Read a body that came to the address of a form. Raises Unreadable."""
    if form != "generic":
        return alertmanager.read(body)
    is_uptimerobot = source.kind == SourceKind.UPTIMEROBOT or generic.speaks_uptimerobot(body)
    assumed = generic.UPTIME_ROBOT if is_uptimerobot else generic.Places()
    return generic.read(body, generic.places_of(source.mapping, assumed))


@transaction.atomic
def take_in(
    source: InboundSource, reports: Sequence[Report], *, form: str, at: datetime | None = None
) -> Taken:
    """Raise and end alerts; what was said before changes nothing."""
    by = Actor(ActorKind.MONITOR, source.pk, source.name)
    triggered = resolved = 0
    _hold(source, reports)
    # In the order of their keys, so that what a body says of one is taken as it was said.
    for report in sorted(reports, key=lambda report: report.dedup_key):
        if report.is_firing:
            _, is_new = trigger(trouble_of(report, source, form), by=by, at=at)
            triggered += is_new
        elif resolve_key(source.pk, report.dedup_key, by=by, at=at, text=OVER):
            resolved += 1
        else:
            note_over(trouble_of(report, source, form), by=by, at=at)
    return Taken(len(reports), triggered, resolved)


OVER = "The sender says that it is over."


def _hold(source: InboundSource, reports: Sequence[Report]) -> None:
    """Hold all that the reports are about before any of them asks for calls.

    Whoever pages for an incident holds it first as well; in another order both would wait for ever.
    """
    keys = {(source.pk, checked_key(report.dedup_key)) for report in reports}
    hold_keys(keys)
    standing = Alert.objects.open().filter(origin_id=source.pk)
    locked_all(standing.filter(dedup_key__in=[key for _, key in keys]))


def trouble_of(report: Report, source: InboundSource, form: str) -> Trouble:
    return Trouble(
        report.summary,
        severity=report.severity,
        source=AlertSource(form),
        dedup_key=report.dedup_key,
        origin_id=source.pk,
        occurrence=report.occurrence,
        url=report.url,
        details=report.details,
        service=source.service,
    )
