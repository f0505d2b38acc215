"""What is promised in public: the next update, the end. A promise lies ahead."""

from datetime import UTC, datetime

from atender.refusals import Refused
from incidents.models import Incident, IncidentUpdate
from incidents.years import check_year


def check_promise(moment: datetime | None, *, after: datetime | None, field: str) -> None:
    """Refuse a moment that had passed when it was promised, at `after`; None: it is all over."""
    check_year(moment, field=field)
    if moment is not None and after is not None and moment <= after:
        raise Refused(
            f"{field} is {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, which has passed by "
            f"{after.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC; a promise lies ahead, or is left out.",
            field=field,
        )


def promise_of(incident: Incident) -> IncidentUpdate | None:
    """Return the update that made the promise which stands; None where none did. One query."""
    if incident.next_update_by is None:
        return None
    made = incident.updates.kept().filter(next_update_by=incident.next_update_by)
    return made.order_by("posted_at", "id").last()
