"""What was promised to the public in a period, and how long its components were up."""

from collections import Counter
from datetime import datetime, timedelta

from assist.reports.happened import step_column
from assist.reports.periods import Period
from assist.reports.tables import Column, Row, Table, Unit, share
from incidents.models import Page
from incidents.promises.keeping import promises_due
from incidents.promises.outcomes import Outcome
from statuspage.past.uptimes import read_uptimes
from statuspage.uptime import Window

OUTCOMES = (Outcome.KEPT, Outcome.MISSED)


def count_promises(period: Period, *, now: datetime) -> Table:
    """“Next update by”: kept and missed, by when they fell due. Two statements."""
    counted: Counter[tuple[object, str]] = Counter()
    for _incident, promise in promises_due(period.start, period.end, now=now):
        due = promise.due_at.astimezone(period.zone).date()
        counted[period.step_of(due), promise.outcome] += 1
    rows: list[Row] = []
    for step in period.steps():
        kept, missed = (counted[step, outcome] for outcome in OUTCOMES)
        rows.append(
            {"step": step, "kept": kept, "missed": missed, "rate": share(kept, kept + missed)}
        )
    return Table(
        "promises",
        "Promised updates",
        "“Next update by”: kept by a public word at or before that time. What was moved "
        "beforehand counts as neither.",
        [
            step_column(period),
            Column("kept", "Kept"),
            Column("missed", "Missed"),
            Column("rate", "Share kept", Unit.SHARE),
        ],
        rows,
        charted=("kept", "missed"),
        is_over_time=True,
    )


def count_uptime(period: Period, page: Page, *, now: datetime) -> Table:
    """As the page would tell it, amendments and its rule about maintenance included."""
    window = _window(period, now)
    components = list(page.components.order_by("page_entries__position", "page_entries__id"))
    branding = page.branding
    found = read_uptimes(
        page, components, window=window, zone=period.zone, down_share=branding.down_share
    )
    rows = []
    for component in components:
        uptime = found[component.pk]
        down = sum(day.down for day in uptime.days)
        rows.append(
            {
                "component": component.name,
                "share": uptime.share,
                "down": down if uptime.share is not None else None,
                "days": sum(bool(day.troubled) for day in uptime.days),
            }
        )
    return Table(
        "uptime",
        f"Uptime on “{page.name}”",
        "A major outage counts as down, a partial outage as down for three tenths of its time, "
        "degraded as up; amendments of the page are in it.",
        [
            Column("component", "Component", Unit.TEXT),
            Column("share", "Uptime", Unit.SHARE, is_exact=True),
            Column("down", "Counted as down", Unit.SECONDS),
            Column("days", "Days with trouble"),
        ],
        rows,
    )


def _window(period: Period, now: datetime) -> Window:
    """The period's days up to now; a microsecond before midnight still is its last day."""
    until = min(now, period.end.astimezone(now.tzinfo) - timedelta(microseconds=1))
    last = until.astimezone(period.zone).date()
    return Window.ending(until, period.zone, max((last - period.first).days + 1, 1))
