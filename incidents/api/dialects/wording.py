"""What the dialects share: refusals name the caller's fields, answers hold public texts alone.

Neither document has a word for a private text, so whoever reads an answer may pass it on.
"""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.response import Response

from atender.api.models import Scope
from atender.api.resources import Resource
from atender.refusals import Refused
from incidents.models import Incident, IncidentUpdate


class Dialect(Resource):
    """A door in another product's words."""

    scope = Scope.INCIDENTS
    # The dialect's name of a field that a verb may refuse, where it differs.
    names: ClassVar[Mapping[str, str]] = {}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refused) and exc.field:
            exc.field = self.names.get(exc.field, exc.field)
        return super().handle_exception(exc)


def shown_updates(incident: Incident) -> list[IncidentUpdate]:
    """What visitors may read of the timeline, oldest first."""
    return list(incident.updates.visible().order_by("posted_at", "id"))
