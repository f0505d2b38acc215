"""The range of years accepted; beyond it, time zones and feeds have no answer."""

from datetime import datetime

from atender.refusals import Refused

FIRST, LAST = 1970, 2100


def check_year(moment: datetime | None, *, field: str) -> None:
    """Raise Refused for a moment whose year can only be a typing error."""
    if moment is not None and not FIRST <= moment.year <= LAST:
        raise Refused(f"{field} lies outside the years {FIRST} to {LAST}; check it.", field=field)
