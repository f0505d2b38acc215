"""All that is reported of a stretch of days."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from assist.reports.happened import count_incidents
from assist.reports.kept import count_promises, count_uptime
from assist.reports.periods import Period
from assist.reports.tables import Table
from assist.reports.talked import count_talk
from assist.reports.told import count_alerts, count_deliveries
from atender.staff.zones import usual_zone
from incidents.models import Page


def tenants_zone() -> ZoneInfo:
    """Days of reports are those of the tenant's default page, whoever reads them."""
    return ZoneInfo(usual_zone())


def report_on(period: Period, page: Page, *, now: datetime) -> Sequence[Table]:
    """Every table of a period; uptime is that of a page. The same few statements whatever it is."""
    cards, conversations = count_talk(period)
    by_severity, by_component, times, resolving = count_incidents(period)
    return [
        by_severity,
        by_component,
        times,
        resolving,
        count_uptime(period, page, now=now),
        count_promises(period, now=now),
        cards,
        conversations,
        count_deliveries(period),
        count_alerts(period),
    ]
