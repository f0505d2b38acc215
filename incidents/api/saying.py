"""From the API's fields to the arguments of the verbs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from atender.api.errors import Unprocessable
from incidents.models import Incident
from incidents.models.vocabulary import CLOSED, Kind, Severity, Status
from incidents.promises.ahead import expected_end
from incidents.transitions import KEEP, IllegalTransition, Saying

MAINTENANCE_STATUS: dict[str, str] = {
    "maintenance": Status.IN_PROGRESS,
    "resolved": Status.COMPLETED,
}


def kind_of(body: Mapping[str, Any]) -> Kind:
    """Return the kind; planned work is recognised by its severity or its status."""
    words = (body.get("severity"), body.get("status"))
    return Kind.MAINTENANCE if Severity.MAINTENANCE in words else Kind.INCIDENT


def check_status(kind: str, status: str | None) -> None:
    """Refuse an incident's status on a maintenance in words that v1 knows. Raises Refused."""
    if kind == Kind.MAINTENANCE and status and status not in MAINTENANCE_STATUS:
        raise IllegalTransition(
            f"'{status}' is no status of a maintenance; here it is 'maintenance' while the work "
            "goes on and 'resolved' when it is done. /api/v1/maintenances/{id} knows every stage.",
            field="status",
        )


def status_for(kind: str, status: str | None) -> str | None:
    if kind == Kind.MAINTENANCE and status:
        return MAINTENANCE_STATUS.get(status, status)
    return status


def saying_of(body: Mapping[str, Any], kind: str) -> Saying:
    """Read an update out of a validated body; a severity that is absent stays as it is."""
    return Saying(
        body=body.get("body", ""),
        status=status_for(kind, body.get("status")),
        severity=body.get("severity", KEEP),
        is_public=body.get("public", True),
        notifies=body.get("notify"),
        eta=body.get("eta"),
        next_update_by=body.get("next_update_by"),
    )


def moved_end(incident: Incident, body: Mapping[str, Any]) -> dict[str, datetime]:
    """The expected end that a PATCH says anew; none where it repeats what stands."""
    if "eta" not in body:
        return {}
    said = incident.updates.read_or_expecting().order_by("-posted_at", "-id")
    eta, stands = body["eta"], expected_end(incident, said)
    if eta == stands:
        return {}
    if eta is None:
        raise Unprocessable(
            f"It was said to be over by {stands:%Y-%m-%d %H:%M} UTC; that is moved by saying "
            "another time, not taken back.",
            "eta",
        )
    if incident.is_closed and status_for(incident.kind, body.get("status")) in (None, *CLOSED):
        raise Unprocessable(
            f"It is {incident.status} since {incident.resolved_at:%Y-%m-%d %H:%M} UTC and has no "
            "expected end any more; reopen it with a status, and say it beside that.",
            "eta",
        )
    return {"eta": eta}
