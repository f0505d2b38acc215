"""The verb that corrects an incident; nobody undoes a title or impacts that they have not read."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.meanwhile import REPLACE, check_unchanged, digest_of
from atender.refusals import Refused
from incidents.checks import check_hold, checked_title
from incidents.impacts import tag_components, tag_monitors
from incidents.lifecycle import derive_tagged, lock
from incidents.maintenance import check_notice, forgo_late_reminder, keep_schedule
from incidents.models import Component, ComponentImpact, Incident
from incidents.recording import announce, record
from incidents.signals import Action
from incidents.transitions import Saying, add_update, follow_timeline
from monitors.models import Monitor, Service


class Changes(TypedDict, total=False):
    """What may be corrected of an incident; what is not named stays."""

    title: str
    next_update_by: datetime | None
    holds_auto_resolve: bool
    notice_before: timedelta | None
    components: Collection[Component]
    # Component ids to their states; components alone have the severity's.
    impacts: Mapping[str, str]
    monitors: Iterable[Monitor]
    service: Service | None


@transaction.atomic
def change_incident(
    incident: Incident,
    *,
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
    **changes: Unpack[Changes],
) -> Incident:
    """Change the title or which things are tagged; an audit row, no mail.

    Who corrects the title says what they saw of it, by `seen_title`; who corrects the impacts and
    not the title, by `seen_impacts`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    at = at or timezone.now()
    incident = lock(incident)
    if seen is not None:
        _check_seen(incident, changes, seen=seen)
    before, was_held = incident.title, incident.holds_auto_resolve
    _change_fields(incident, changes)
    if "next_update_by" in changes:
        _move_promise(incident, changes["next_update_by"], by=by, at=at)
    if "notice_before" in changes:
        forgo_late_reminder(incident, at=at)
        keep_schedule(incident)
    if "monitors" in changes:
        tag_monitors(incident, changes["monitors"])
    if "components" in changes or "impacts" in changes:
        tag_components(incident, changes.get("components", ()), changes.get("impacts", {}))
    derive_tagged(incident, at=at)
    details: dict[str, Any] = {"before": before, "after": incident.title}
    if incident.holds_auto_resolve != was_held:
        details["is_held"] = incident.holds_auto_resolve
    record("incident.changed", incident.id, by=by, at=at, **details)
    announce(Action.EDITED, incident, by=by, at=at)
    return incident


def _change_fields(incident: Incident, changes: Changes) -> None:
    if "title" in changes:
        incident.title = checked_title(changes["title"])
    if "holds_auto_resolve" in changes:
        check_hold(incident, changes["holds_auto_resolve"])
        incident.holds_auto_resolve = changes["holds_auto_resolve"]
    if "notice_before" in changes:
        check_notice(changes["notice_before"])
        incident.notice_before = changes["notice_before"]
    if "service" in changes:
        incident.service = changes["service"]
    incident.save()


def _move_promise(incident: Incident, until: datetime | None, *, by: Actor, at: datetime) -> None:
    """Move the promised next update, on the timeline; with `until` None the promise just goes."""
    if until == incident.next_update_by:
        return
    if incident.is_closed:
        raise Refused(
            f"The incident is {incident.status}; no further update is promised.",
            field="next_update_by",
        )
    if until is None:
        incident.next_update_by = None
        incident.save()
        return
    add_update(incident, Saying(next_update_by=until, notifies=False), by=by, at=at)
    follow_timeline(incident)


def seen_title(incident: Incident) -> str:
    """Return the digest that says, to `change_incident`, that the title was seen."""
    return digest_of(incident.title)


def seen_impacts(impacts: Iterable[ComponentImpact]) -> str:
    """Return the digest that says, to `change_incident`, that an incident's impacts were seen."""
    return digest_of(_states_by_hand(impacts))


def _check_seen(incident: Incident, changes: Changes, *, seen: str) -> None:
    """Refuse to change a title, or the impacts, that were not seen as they stand.

    Raises ChangedMeanwhile.
    """
    if "title" in changes:
        told = f"somebody renamed it to “{incident.title}” since you opened it. {REPLACE}"
        wanted = checked_title(changes["title"])
        check_unchanged(incident.title, wanted=wanted, seen=seen, told=told)
    else:
        stands = _states_by_hand(incident.impacts.all())
        chosen = {component.pk: None for component in changes.get("components", ())}
        told = (
            "somebody changed the components since you opened this. They are shown as they stand "
            "now; make your change again if it still holds."
        )
        given = {**stands, **chosen, **changes.get("impacts", {})}
        check_unchanged(stands, wanted=given, seen=seen, told=told)


def _states_by_hand(impacts: Iterable[ComponentImpact]) -> dict[str, str | None]:
    """Components by id to the states given by hand; None is the severity's."""
    return {one.component_id: one.state if one.is_adjusted else None for one in impacts}
