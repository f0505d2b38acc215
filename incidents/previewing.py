"""What posting an update would do to an incident, without posting it."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from atender.actors import Actor
from atender.refusals import Refused
from incidents.checks import check_end
from incidents.models import Incident, IncidentUpdate, Page
from incidents.transitions import Saying, draft_update, promise_after

# Stands for the id of an incident that is not there yet.
UNSAVED = "0" * 26


@dataclass(frozen=True, slots=True)
class Preview:
    """The subject of the places `incident.preview` and `incident.reach`.

    `incident` is as it would be afterwards and, like `update`, never saved. `update` is None where
    posting would be refused; `refusal` then says why.
    """

    incident: Incident
    update: IncidentUpdate | None
    pages: Sequence[Page]
    component_ids: Collection[str]
    refusal: str = ""

    @property
    def is_new(self) -> bool:
        return self.incident.pk == UNSAVED

    @property
    def is_step(self) -> bool:
        """Whether status, severity or window move, which is public wherever the incident shows."""
        return self.update is not None and self.update.is_step

    @property
    def hides_text(self) -> bool:
        return self.update is not None and bool(self.update.body) and not self.update.is_public

    @property
    def is_visible(self) -> bool:
        """Whether visitors get a new entry of the timeline to read."""
        return self.is_step or (self.update is not None and bool(self.update.public_body))


def foresee(
    incident: Incident,
    saying: Saying,
    *,
    by: Actor,
    pages: Sequence[Page],
    component_ids: Collection[str],
) -> Preview:
    """Return what a saying would do to an incident; changes neither it nor the database."""
    now = timezone.now()
    after = copy(incident)
    is_first = incident.pk == UNSAVED
    try:
        at = check_end(incident.resolved_at, incident, now) if is_first else now
        update = draft_update(after, saying, by=by, at=at, is_first=is_first)
    except Refused as refusal:
        return Preview(after, None, pages, component_ids, refusal.sentence)
    _follow(after, update, now)
    return Preview(after, update, pages, component_ids)


def _follow(incident: Incident, update: IncidentUpdate, now: datetime) -> None:
    incident.status, incident.severity = update.status, update.severity
    incident.scheduled_for, incident.scheduled_until = update.scheduled_for, update.scheduled_until
    if incident.is_closed:
        incident.resolved_at = incident.resolved_at or now
        incident.next_update_by = None
    else:
        incident.resolved_at = None
        incident.next_update_by = promise_after(update, incident.next_update_by)
