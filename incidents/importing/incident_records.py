"""Incidents and maintenances of a source: written once with their past, later continued."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from incidents.afterwards.post_mortems import publish_post_mortem, start_post_mortem
from incidents.backfill import History, Told, record_history
from incidents.importing.growing import grow, written_down
from incidents.importing.incident_shapes import read_incident
from incidents.importing.outcomes import (
    Brought,
    fingerprint,
    ids_here,
    known_record,
    remember,
    remember_anew,
)
from incidents.importing.retelling import retell
from incidents.importing.shapes import Record, Remarks, SourceIncident, Unreadable
from incidents.models import Component, ImportedKind, ImportItem, ImportRun, Incident, Outcome
from incidents.models.vocabulary import CLOSED, Kind


def bring_incident(
    record: Record, *, item: ImportItem, run: ImportRun, remarks: Remarks
) -> Brought:
    """Import one record; raises Unreadable, LeftAlone or Refused if it cannot be."""
    now = timezone.now()
    source = read_incident(record, now=now, remarks=remarks)
    seen = fingerprint(source)
    known = known_record(run, item)
    if known and known.fingerprint == seen:
        return Brought(Outcome.UNCHANGED, known.subject_id)
    if known is None and source.status not in CLOSED and not run.includes_open:
        raise Unreadable("It is still open there, and open ones were not asked for.")
    components = _components_here(source, run, remarks)
    told = retell(source, components=components, now=now, remarks=remarks)
    if known is None:
        history = _history(source, run, list(components.values()), told)
        incident, updates = record_history(history, by=run.by, at=now)
        remember(run, item, incident.id, seen, **written_down(source, components, updates))
        _tell_post_mortem(incident, source, run, now, remarks)
        return Brought(Outcome.MADE, incident.id)
    has_grown, written = grow(known, source, told, components, by=run.by, remarks=remarks)
    remember_anew(known, seen, **written)
    incident = Incident.objects.get(pk=known.subject_id)
    is_told = _tell_post_mortem(incident, source, run, now, remarks)
    return Brought(Outcome.UPDATED if has_grown or is_told else Outcome.UNCHANGED, incident.id)


def _history(
    source: SourceIncident, run: ImportRun, component_ids: list[str], told: Sequence[Told]
) -> History:
    return History(
        kind=source.kind,
        title=source.title,
        severity=source.severity,
        started_at=min(source.started_at, told[0].at),
        told=told,
        components=list(Component.objects.filter(pk__in=component_ids)),
        pages=[run.page],
        scheduled_for=source.scheduled_for,
        scheduled_until=source.scheduled_until,
    )


def _components_here(source: SourceIncident, run: ImportRun, remarks: Remarks) -> dict[str, str]:
    """Ids of the source to ours, of the components that are here."""
    external_ids = [external_id for external_id, _ in source.components]
    known = ids_here(run, ImportedKind.COMPONENT, external_ids)
    kept = set(Component.objects.filter(pk__in=known.values()).values_list("pk", flat=True))
    here = {external_id: id_ for external_id, id_ in known.items() if id_ in kept}
    for external_id, name in source.components:
        if external_id not in here:
            remarks.say(
                f"Its component “{name[:60] or external_id}” is not among those brought in; "
                "it was brought in without."
            )
    return here


def _tell_post_mortem(
    incident: Incident, source: SourceIncident, run: ImportRun, now: datetime, remarks: Remarks
) -> bool:
    """Publish the source's post-mortem unless there is one here already; notifies nobody."""
    if not source.post_mortem or hasattr(incident, "post_mortem"):
        return False
    if not incident.is_closed or incident.kind != Kind.INCIDENT:
        remarks.say("Its post-mortem was left out: here, only resolved incidents have one.")
        return False
    at = source.post_mortem_at or now
    written = start_post_mortem(incident, by=run.by, body=source.post_mortem, at=at)
    publish_post_mortem(written, by=run.by, at=at)
    return True
