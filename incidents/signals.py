"""What the record announces, last and inside the transaction of the change.

Receivers only INSERT: a notice, a due row, a generation. Work happens after commit, so that a
failing receiver's work can never undo an incident.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.dispatch import Signal

from atender.actors import Actor
from incidents.models import Incident, IncidentUpdate, Page, PostMortem


class Action(StrEnum):
    OPENED = "opened"
    UPDATED = "updated"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    EDITED = "edited"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    ACKNOWLEDGED = "acknowledged"
    # Told elsewhere before, and written down here: nobody is to hear of it again.
    IMPORTED = "imported"
    POST_MORTEM_PUBLISHED = "post_mortem_published"
    # The text or the follow-ups of a published one, or it was taken back.
    POST_MORTEM_CHANGED = "post_mortem_changed"
    # A maintenance begins before long; carries no update.
    REMINDED = "reminded"


@dataclass(frozen=True, slots=True)
class Step:
    """A component's state on one page became another."""

    component_id: str
    page_id: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one incident; `update` is the timeline entry that carries it, if one does.

    `pages` are those on which it shows, empty for an internal incident.
    """

    action: Action
    incident: Incident
    by: Actor
    at: datetime
    update: IncidentUpdate | None = None
    pages: tuple[Page, ...] = ()
    post_mortem: PostMortem | None = None


# Sent with `change: Change`.
incident_changed = Signal()
# Sent with `components: Sequence[Component]` when facts beside incidents changed their state.
components_changed = Signal()

# Sent with `steps: Sequence[Step]` and `held_until`, as `derive_states` has it.
states_moved = Signal()

# Sent with `page: Page` once its identity and host are there.
page_created = Signal()
