"""The one sentence at the top of a page. Pure: no ORM, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Banner:
    """`level` names the icon, `tone` the colour, `indicator` is the word of the JSON API v2."""

    level: str
    tone: str
    indicator: str
    text: str | Promise

    @property
    def is_all_clear(self) -> bool:
        return self == OPERATIONAL


OPERATIONAL = Banner("operational", "ok", "none", _("All Systems Operational"))
MAINTENANCE = Banner("maintenance", "maintenance", "maintenance", _("Under Maintenance"))
NOTICE = Banner("notice", "maintenance", "none", _("Service Notice"))
MINOR = Banner("degraded", "degraded", "minor", _("Minor Service Degradation"))
MAJOR = Banner("partial_outage", "partial", "major", _("Partial System Disruption"))
CRITICAL = Banner("major_outage", "major", "critical", _("Major System Outage"))

MILDEST_FIRST = (OPERATIONAL, MAINTENANCE, NOTICE, MINOR, MAJOR, CRITICAL)
OF_SEVERITY: dict[str | None, Banner] = {
    None: NOTICE,
    Severity.MINOR: MINOR,
    Severity.MAJOR: MAJOR,
    Severity.CRITICAL: CRITICAL,
    Severity.MAINTENANCE: MAINTENANCE,
}
OF_STATE = {
    State.OPERATIONAL: OPERATIONAL,
    State.MAINTENANCE: MAINTENANCE,
    State.DEGRADED: MINOR,
    State.PARTIAL_OUTAGE: MAJOR,
    State.MAJOR_OUTAGE: CRITICAL,
}


def banner_for(
    severities: Iterable[str | None],
    *,
    is_under_maintenance: bool = False,
    reported: Iterable[str] = (),
) -> Banner:
    """Return the worst of what is true now.

    `severities` are those of the page's open incidents; `reported` are the states of components
    that no incident explains. Resolved incidents and merely scheduled work are in neither.
    """
    true_now = [OF_SEVERITY[severity] for severity in severities]
    true_now += [OF_STATE[State(state)] for state in reported]
    if is_under_maintenance:
        true_now.append(MAINTENANCE)
    return max(true_now, key=MILDEST_FIRST.index, default=OPERATIONAL)
