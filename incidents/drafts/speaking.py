"""From a draft to the verb that posts it, the same for a person's click and for the clock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from atender.refusals import Refused
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Component, Draft, Incident, IncidentUpdate, Page
from incidents.models.vocabulary import CLOSED, STATUSES, Kind, Status
from incidents.texts.placeholders import Circumstances
from incidents.texts.templates import circumstances_of, filled, names_of
from incidents.texts.zones import zone_on
from incidents.transitions import KEEP, Saying
from monitors.models import Monitor, Service

M = TypeVar("M", bound=Model)


def speak(draft: Draft, *, at: datetime) -> Incident | IncidentUpdate:
    """Post what a draft says, as its author. Raises Refused where the verb does."""
    if draft.incident is None:
        return _open(draft, at)
    return post_update(
        draft.incident, by=draft.by, saying=saying_of(draft, at=at), submission_id=draft.id
    )


def rehearse(draft: Draft) -> None:
    """Raise what posting it now would raise, and leave nothing behind."""
    with transaction.atomic():
        speak(draft, at=timezone.now())
        transaction.set_rollback(True)


def saying_of(draft: Draft, *, at: datetime) -> Saying:
    """The update that a draft is, its placeholders filled in."""
    _, body = filled(draft.title, draft.body, _known(draft, at), now=at)
    return Saying(
        body=body,
        status=draft.status or None,
        severity=severity_of(draft) if draft.severity else KEEP,
        is_public=draft.is_public,
        notifies=draft.notifies,
        eta=draft.eta,
        next_update_by=draft.promised(at=at),
        only_from=still_meant_in(draft),
        impacts=_moved(draft) if draft.incident_id else {},
    )


def severity_of(draft: Draft) -> str | None:
    return None if draft.severity in ("", Draft.NO_SEVERITY) else draft.severity


def still_meant_in(draft: Draft) -> frozenset[str] | None:
    """Return the statuses in which the draft still makes sense; in any other it may be untrue.

    A text makes sense while the incident is open; a step, while nobody else took one.
    """
    seen = IncidentUpdate.objects.filter(pk=draft.seen).first() if draft.seen else None
    if draft.incident is None or seen is None:
        return None
    if draft.status:
        return frozenset({seen.status, draft.status})
    known = STATUSES[Kind(draft.incident.kind)]
    return frozenset(CLOSED if seen.status in CLOSED else known - CLOSED)


def _open(draft: Draft, at: datetime) -> Incident:
    if not draft.severity:
        raise Refused(
            "Choose a severity; “None” (over the API null) is one, for a mere notice.",
            field="severity",
        )
    title, _ = filled(draft.title, "", _known(draft, at), now=at)
    return open_incident(
        title,
        by=draft.by,
        severity=severity_of(draft),
        first=saying_of(draft, at=at),
        facts=_facts(draft),
        started_at=draft.started_at,
        ended_at=draft.resolved_at,
        submission_id=draft.id,
    )


def _facts(draft: Draft) -> Facts:
    chosen = _named(Component.objects.all(), draft.impacts, field="components")
    services = [draft.service_id] if draft.service_id else []
    return Facts(
        components=[component for component in chosen if not draft.impacts[component.pk]],
        impacts={pk: state for pk, state in draft.impacts.items() if state},
        monitors=_named(Monitor.objects.all(), draft.monitor_ids, field="monitors"),
        pages=_named(Page.objects.all(), draft.page_ids or [], field="pages"),
        service=next(iter(_named(Service.objects.all(), services, field="service")), None),
    )


def _moved(draft: Draft) -> dict[str, str]:
    _named(Component.objects.all(), draft.impacts, field="component_impacts")
    return dict(draft.impacts)


def _named(rows: QuerySet[M], ids: Iterable[str], *, field: str) -> list[M]:
    """Return the chosen records; raises Refused if one was deleted since."""
    wanted = list(ids)
    found = list(rows.filter(pk__in=wanted))
    if len(found) < len(set(wanted)):
        noun = rows.model._meta.verbose_name
        raise Refused(f"A chosen {noun} is not there any more; choose again.", field=field)
    return found


def _known(draft: Draft, at: datetime) -> Circumstances:
    promised = draft.promised(at=at)
    if draft.incident is not None:
        known = circumstances_of(draft.incident, next_update_by=promised)
        severity = severity_of(draft) if draft.severity else known.severity
        return replace(known, status=draft.status or known.status, severity=severity)
    pages = list(Page.objects.filter(pk__in=draft.page_ids or []))
    return Circumstances(
        severity=severity_of(draft),
        status=draft.status or Status.INVESTIGATING,
        components=names_of(draft.impacts, draft.monitor_ids),
        pages=[page.name for page in pages],
        started_at=draft.started_at or at,
        next_update_by=promised,
        zone=zone_on([page.pk for page in pages]),
    )
