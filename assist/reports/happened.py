"""Incidents of a period: how many, how bad, where, and how long until what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from assist.reports.counting import STEP, ask, within
from assist.reports.periods import Period
from assist.reports.tables import Column, Table, Unit
from incidents.models import Status

SEVERITIES = ("critical", "major", "minor", "none")
LABELS = {"critical": "Critical", "major": "Major", "minor": "Minor", "none": "No severity"}
SPANS = {"acknowledge": "acknowledge", "identify": "identify", "resolve": "resolve"}
# Null for what has not happened: the greatest of null and 0 would be 0.
SPAN = "CASE WHEN {at} IS NOT NULL THEN greatest(extract(epoch FROM {at} - i.started_at), 0) END"
COUNTS = ", ".join(
    f"count(*) FILTER (WHERE coalesce(severity, 'none') = '{name}') AS {name}"
    for name in SEVERITIES
)
FIGURES = ", ".join(
    f"count({name}) AS {name}_counted, "
    f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {name}) AS {name}_median, "
    f"avg({name})::float AS {name}_mean"
    for name in SPANS
)
# Rows without a step are of the whole period.
INCIDENTS = f"""
WITH happened AS (
    SELECT severity, {STEP.format(at="started_at")} AS step,
        {SPAN.format(at="acknowledged_at")} AS acknowledge,
        {SPAN.format(at="resolved_at")} AS resolve,
        (SELECT {SPAN.format(at="min(u.posted_at)")}
         FROM incidents_incidentupdate u
         WHERE u.incident_id = i.id AND u.changes_status AND u.status = %(known)s
             AND u.withdrawn_at IS NULL AND NOT u.is_backdated) AS identify
    FROM incidents_incident i
    WHERE kind = 'incident' AND deleted_at IS NULL
        AND started_at >= %(start)s AND started_at < %(end)s
)
SELECT step, count(*) AS total, {COUNTS}, {FIGURES}
FROM happened GROUP BY GROUPING SETS ((step), ())
"""  # noqa: S608 - of constants alone
COMPONENTS = f"""
SELECT c.name AS component, count(*) AS total, {COUNTS}
FROM incidents_componentimpact impact
JOIN incidents_incident i ON i.id = impact.incident_id
JOIN incidents_component c ON c.id = impact.component_id
WHERE i.kind = 'incident' AND i.deleted_at IS NULL
    AND i.started_at >= %(start)s AND i.started_at < %(end)s
GROUP BY c.id ORDER BY total DESC, c.name
"""  # noqa: S608 - of constants alone


def count_incidents(period: Period) -> list[Table]:
    """By severity, by component, and the times; two statements."""
    found = {
        row["step"]: row for row in ask(INCIDENTS, known=str(Status.IDENTIFIED), **within(period))
    }
    whole = found.pop(None)
    severities = [Column(name, LABELS[name]) for name in SEVERITIES]
    counted = [*severities, Column("total", "All")]
    return [
        Table(
            "incidents",
            "Incidents by severity",
            f"Incidents by the {period.step} in which they began, internal ones included.",
            [step_column(period), *counted],
            [{"step": step, **_counts(found.get(step))} for step in period.steps()],
            charted=SEVERITIES,
            is_over_time=True,
        ),
        Table(
            "components",
            "Incidents by component",
            "An incident that named several components counts for each of them.",
            [Column("component", "Component", Unit.TEXT), *counted],
            ask(COMPONENTS, **within(period)),
            charted=SEVERITIES,
        ),
        _times(whole),
        Table(
            "resolving",
            "Time to resolve",
            "Of incidents that are resolved, by when they began. Half of them took no longer than "
            "the median; the mean (MTTR) is moved by the longest.",
            [
                step_column(period),
                Column("counted", "Incidents"),
                Column("median", "Median", Unit.SECONDS),
                Column("mean", "Mean", Unit.SECONDS),
            ],
            [_resolving(step, found.get(step)) for step in period.steps()],
            charted=("median",),
            is_over_time=True,
        ),
    ]


def step_column(period: Period) -> Column:
    titles = {"day": "Day", "week": "Week of", "month": "Month of"}
    return Column("step", titles[period.step], Unit.DATE)


def _counts(row: dict[str, Any] | None) -> dict[str, int]:
    return {name: row[name] if row else 0 for name in (*SEVERITIES, "total")}


def _resolving(step: date, row: dict[str, Any] | None) -> dict[str, Any]:
    figures = ("counted", "median", "mean")
    nothing = {"counted": 0, "median": None, "mean": None}
    return {"step": step, **({f: row[f"resolve_{f}"] for f in figures} if row else nothing)}


def _times(whole: dict[str, Any]) -> Table:
    rows: Sequence[dict[str, Any]] = [
        {
            "span": f"To {words}",
            "counted": whole[f"{name}_counted"],
            "median": whole[f"{name}_median"],
            "mean": whole[f"{name}_mean"],
        }
        for name, words in SPANS.items()
    ]
    return Table(
        "times",
        "How long it took",
        "From the beginning of an incident until somebody had it (MTTA is the mean), until its "
        "cause was known, and until it was resolved (MTTR is the mean). Those that have not come "
        "so far do not count.",
        [
            Column("span", "Time", Unit.TEXT),
            Column("counted", "Incidents"),
            Column("median", "Median", Unit.SECONDS),
            Column("mean", "Mean", Unit.SECONDS),
        ],
        rows,
    )
