"""What the dialects share: refusals name the caller's fields, answers hold public texts alone.

Neither format can mark a text as private, so answers never hold one.
"""

from atender.api.models import Scope
from incidents.api.renaming import Renaming
from incidents.models import Incident, IncidentUpdate


class Dialect(Renaming):
    """A door in another product's words."""

    scope = Scope.INCIDENTS


def shown_updates(incident: Incident) -> list[IncidentUpdate]:
    """What visitors may read of the timeline, oldest first."""
    return list(incident.updates.visible().order_by("posted_at", "id"))
