"""Who was told in a period: responders by alerts, subscribers by deliveries."""

from typing import Any

from alerts.models.alerts import AlertSeverity
from assist.reports.counting import STEP, ask, within
from assist.reports.happened import step_column
from assist.reports.periods import Period
from assist.reports.tables import Column, Table, Unit
from atender.ids import ulid_uuid
from subscribers.deliveries.forgetting import EVER_TOLD
from subscribers.models import CALLED, Notice

LEVELS = {str(level.value): str(level.label) for level in AlertSeverity}
BY_LEVEL = ", ".join(f"count(*) FILTER (WHERE severity = '{name}') AS {name}" for name in LEVELS)
ALERTS = f"""
SELECT {STEP.format(at="triggered_at")} AS step, count(*) AS total, {BY_LEVEL},
    count(incident_id) AS became, count(taken) AS taken,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY taken) AS median
FROM (SELECT *, extract(epoch FROM acknowledged_at - triggered_at) AS taken
      FROM alerts_alert WHERE triggered_at >= %(start)s AND triggered_at < %(end)s) AS alert
GROUP BY 1
"""  # noqa: S608 - of constants alone
TOLD = """
coalesce(sum(number) FILTER (WHERE state = 'sent' AND channel = 'email'), 0)::bigint AS mails,
coalesce(sum(number) FILTER (WHERE state = 'sent' AND channel = ANY(%(called)s)), 0)::bigint
    AS calls,
coalesce(sum(number) FILTER (WHERE state = 'sent' AND channel = 'sms'), 0)::bigint AS texts,
coalesce(sum(number) FILTER (WHERE state = 'failed'), 0)::bigint AS failed
"""
DELIVERIES = f"""
SELECT {STEP.format(at="created_at")} AS step, {TOLD}
FROM ({EVER_TOLD}) AS told
WHERE created_at >= %(start)s AND created_at < %(end)s GROUP BY 1
"""  # noqa: S608 - of constants alone
# With the ids themselves: how many rows are of an array that PostgreSQL only makes up as it runs it
# does not know, and it reads every delivery there is.
OF_NOTICES = f"SELECT {TOLD} FROM ({EVER_TOLD}) AS told WHERE notice_id = ANY(%(notices)s)"  # noqa: S608
WAYS = {"mails": "Mails", "calls": "Webhooks and chats", "texts": "Text messages"}


def count_alerts(period: Period) -> Table:
    """By severity, and how long until somebody had them. One statement."""
    found = {row["step"]: row for row in ask(ALERTS, **within(period))}
    counts = (*LEVELS, "total", "became", "taken")
    nothing: dict[str, Any] = {**dict.fromkeys(counts, 0), "median": None}
    return Table(
        "alerts",
        "Alerts",
        "What called responders, by when it was raised; visitors never see one.",
        [
            step_column(period),
            *(Column(name, label) for name, label in LEVELS.items()),
            Column("total", "All"),
            Column("became", "With an incident"),
            Column("taken", "Acknowledged"),
            Column("median", "Median time to acknowledge", Unit.SECONDS),
        ],
        [{**nothing, **found.get(step, {}), "step": step} for step in period.steps()],
        charted=tuple(LEVELS),
        is_over_time=True,
    )


def count_deliveries(period: Period) -> Table:
    """What was taken by the other side, and what failed for good. One statement."""
    found = {row["step"]: row for row in ask(DELIVERIES, called=list(CALLED), **within(period))}
    nothing = dict.fromkeys((*WAYS, "failed"), 0)
    return Table(
        "deliveries",
        "Told to subscribers",
        "What the other side took, by when it was written.",
        [
            step_column(period),
            *(Column(name, title) for name, title in WAYS.items()),
            Column("failed", "Failed"),
        ],
        [{**nothing, **found.get(step, {}), "step": step} for step in period.steps()],
        charted=tuple(WAYS),
        is_over_time=True,
    )


def count_told_of(incident_id: str) -> dict[str, int]:
    """Mails, calls and text messages about one incident that arrived, and failures; two queries."""
    ids = Notice.objects.filter(incident=incident_id).order_by().values_list("pk", flat=True)
    notices = [ulid_uuid(pk) for pk in ids]
    found = ask(OF_NOTICES, notices=notices, called=list(CALLED))[0]
    return {name: int(count) for name, count in found.items()}
