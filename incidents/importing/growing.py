"""Adds what a source published since it was last read to the incident it became here.

Whatever staff changed here since then stays: their timeline, their title, their text.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from atender.actors import Actor, ActorKind
from atender.refusals import Refused
from atender.texts import clean_text
from incidents.backfill import Told, Written, continue_history
from incidents.correcting import change_incident
from incidents.importing.outcomes import LeftAlone
from incidents.importing.shapes import Remarks, SourceIncident
from incidents.models import Component, ImportedRecord, Incident, IncidentUpdate
from incidents.models.vocabulary import CLOSED, Severity
from incidents.timeline import edit_update
from incidents.windows import Window

SEVERITY, MOVED = "severity", "moved"


def written_down(
    source: SourceIncident, components: Mapping[str, str], updates: Written
) -> dict[str, Any]:
    """Return what was written here, in the form in which it is remembered."""
    return {
        "title": source.title,
        "severity": source.severity,
        "window": _window(source),
        "components": sorted(components),
        "updates": {key: [update.id, digest(update.body)] for key, update in updates},
    }


def grow(
    known: ImportedRecord,
    source: SourceIncident,
    told: Sequence[Told],
    components: Mapping[str, str],
    *,
    by: Actor,
    remarks: Remarks,
) -> tuple[bool, dict[str, Any]]:
    """Bring an incident up to its source; whether anything changed, and what is written now.

    Raises LeftAlone if staff deleted it or continued its timeline themselves.
    """
    # Held, so that nobody writes on its timeline between the look at it and the adding to it.
    kept = Incident.objects.kept().select_for_update(no_key=True)
    incident = kept.filter(pk=known.subject_id).first()
    if incident is None:
        raise LeftAlone("It was deleted here; it stays deleted.")
    before = known.written
    if _is_told_here(incident, before):
        raise LeftAlone("Staff wrote on its timeline here since; what is new there was left out.")
    has_new_title = _retitle(incident, source, before, by, remarks)
    edited = _edit(before, told, by, remarks)
    new = [entry for entry in told if entry.key not in before["updates"]]
    new = _with_facts(new, incident, source, before, remarks)
    added = _add(incident, new, by, remarks)
    tagged = _tag(incident, components, before, by)
    written = written_down(source, components, added)
    written["updates"] = {**before["updates"], **edited, **written["updates"]}
    return bool(has_new_title or edited or added or tagged), written


def _is_told_here(incident: Incident, before: Mapping[str, Any]) -> bool:
    """Whether somebody here posted, deleted or took back an update of it."""
    ours = {id_ for id_, _ in before["updates"].values()}
    rows = list(incident.updates.values_list("id", "by_kind", "deleted_at", "withdrawn_at"))
    strange = [row for row in rows if row[0] not in ours and row[1] != ActorKind.SCHEDULE]
    gone = [row for row in rows if row[0] in ours and (row[2] or row[3])]
    return bool(strange or gone)


def _retitle(
    incident: Incident,
    source: SourceIncident,
    before: Mapping[str, Any],
    by: Actor,
    remarks: Remarks,
) -> bool:
    if source.title == before["title"]:
        return False
    if incident.title != before["title"]:
        remarks.say("It has another title there now; here staff changed it, and theirs stays.")
        return False
    change_incident(incident, by=by, title=source.title)
    return True


def _edit(
    before: Mapping[str, Any], told: Sequence[Told], by: Actor, remarks: Remarks
) -> dict[str, list[str]]:
    """Change the texts that were edited there since; returns them as they are remembered."""
    edited = {}
    for entry in told:
        id_, seen = before["updates"].get(entry.key, (None, ""))
        text = clean_text(entry.text, field="body")
        if id_ is None or digest(text) == seen:
            continue
        update = IncidentUpdate.objects.select_related("incident").get(pk=id_)
        if digest(update.body) != seen:
            remarks.say("An update was edited there and here; what staff made of it here stays.")
            continue
        edit_update(update, by=by, body=text)
        edited[entry.key] = [id_, digest(text)]
    return edited


def _with_facts(
    new: list[Told],
    incident: Incident,
    source: SourceIncident,
    before: Mapping[str, Any],
    remarks: Remarks,
) -> list[Told]:
    """Put a new severity and a moved window first, unless staff changed them here."""
    at = min([timezone.now(), *(entry.at for entry in new)])
    said = Told(f"{SEVERITY}:{source.severity}:{at.isoformat()}", None, "", at)
    if source.severity != before["severity"]:
        if incident.severity == before["severity"]:
            severity = Severity(source.severity) if source.severity else None
            new = [replace(said, severity=severity), *new]
        else:
            remarks.say("It has another severity there now; here staff changed it.")
    if _window(source) != before["window"] and not incident.is_closed:
        if _iso(Window.of(incident)) == before["window"]:
            window = Window(source.scheduled_for, source.scheduled_until)
            new = [replace(said, key=f"{MOVED}:{at.isoformat()}", window=window), *new]
        else:
            remarks.say("Its window was moved there, and by staff here; theirs stays.")
    return new


def _add(incident: Incident, new: list[Told], by: Actor, remarks: Remarks) -> Written:
    try:
        return continue_history(incident, new, by=by) if new else []
    except Refused as refused:
        if new[0].window is None:
            raise
        remarks.say(f"Its window was moved there and not here: {refused.sentence}")
        return _add(incident, new[1:], by, remarks)


def _tag(
    incident: Incident, components: Mapping[str, str], before: Mapping[str, Any], by: Actor
) -> bool:
    """Tag components that the source named since; of what is over, uptime is not rewritten."""
    added = [id_ for name, id_ in components.items() if name not in before["components"]]
    incident.refresh_from_db()
    if not added or incident.status in CLOSED:
        return False
    change_incident(incident, by=by, components=Component.objects.filter(pk__in=added))
    return True


def _window(source: SourceIncident) -> list[str | None]:
    return _iso(Window(source.scheduled_for, source.scheduled_until))


def _iso(window: Window) -> list[str | None]:
    return [edge.isoformat() if edge else None for edge in (window.start, window.end)]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
