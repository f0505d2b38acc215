"""Public promises (the next update, the expected end) must lie ahead."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from atender.refusals import Refused
from incidents.models import Incident, IncidentUpdate
from incidents.years import check_year

# A next update that is later than this is a typing error, of the year for one: the public would be
# told of a silence without end, and staff be reminded when it is over.
LATEST_UPDATE = timedelta(days=31)


def check_promise(moment: datetime | None, *, after: datetime | None, field: str) -> None:
    """Refuse a moment that does not lie ahead of `after`; None skips it, for what is over."""
    check_year(moment, field=field)
    if moment is None or after is None:
        return
    if field == "next_update_by" and moment > after + LATEST_UPDATE:
        raise Refused(
            f"{field} is {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC, more than "
            f"{LATEST_UPDATE.days} days ahead; check the date, or leave it out.",
            field=field,
        )
    if moment <= after:
        raise Refused(
            f"{field} is {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, which has passed by "
            f"{after.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC; a promise lies ahead, or is left out.",
            field=field,
        )


def promise_of(incident: Incident) -> IncidentUpdate | None:
    """Return the update that made the present promise, if any. One query."""
    if incident.next_update_by is None:
        return None
    made = incident.updates.kept().filter(next_update_by=incident.next_update_by)
    return made.order_by("posted_at", "id").last()


def expected_end(incident: Incident, updates: Iterable[IncidentUpdate]) -> datetime | None:
    """The incident's expected end, as last announced to the public; None once it is closed.

    `updates` are its own, newest first.
    """
    if incident.is_closed:
        return None
    told = (u for u in updates if u.is_step or (u.is_public and u.deleted_at is None))
    return next((update.eta for update in told if update.eta), None)
