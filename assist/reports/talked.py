"""What conversations had to do with incidents: those that are kept, and those forgotten by now.

Both are one relation of counts, so that nothing that is reported goes down when conversations are
forgotten.
"""

from collections.abc import Sequence
from typing import Any

from assist.models.tallies import COUNTS
from assist.reports.bands import BAND, WORDS
from assist.reports.counting import STEP, ask, within
from assist.reports.happened import step_column
from assist.reports.periods import Period
from assist.reports.tables import Column, Table, Unit, share
from atender.ids import ulid_uuid

# One row a thing: its incident, its moment, its band if it is a card, and what it counts for. What
# is asked of it outside, PostgreSQL asks of each part.
THINGS = f"""
SELECT incident_id, linked_at AS at, 0 AS band, 1 AS linked, (proof <> '')::int AS gained,
    0 AS answered, 0 AS shown, 0 AS confirmed, 0 AS dismissed, conversation_id,
    NULL::uuid AS message_id
FROM assist_conversationlink
UNION ALL
SELECT incident_id, created_at, 0, 0, 0, 1, 0, 0, 0, conversation_id, id
FROM assist_message WHERE purpose = 'answer' AND incident_id IS NOT NULL
UNION ALL
SELECT incident_id, shown_at, {BAND}, 0, 0, 0, 1,
    (state = 'confirmed')::int, (state = 'dismissed')::int, conversation_id, NULL
FROM assist_card
"""  # noqa: S608 - of constants alone
# A forgotten day counts at its noon, which is on that day nearly everywhere.
TALLIES = """
SELECT incident_id, day::timestamp AT TIME ZONE 'UTC' + interval '12 hours', band,
    linked, gained, answered, shown, confirmed, dismissed, NULL, NULL
FROM assist_tally
"""
SUMS = ", ".join(f"coalesce(sum({name}), 0)::int AS {name}" for name in COUNTS)
TALKED = f"({THINGS} UNION ALL {TALLIES}) AS talked"
OF_INCIDENT = f"SELECT {SUMS} FROM {TALKED} WHERE incident_id = %(incident)s"  # noqa: S608
OF_PERIOD = f"""
SELECT {STEP.format(at="at")} AS step, band, {SUMS}
FROM {TALKED} WHERE at >= %(start)s AND at < %(end)s GROUP BY 1, 2
"""  # noqa: S608 - of constants alone


def count_talk_of(incident_id: str) -> dict[str, int]:
    """What conversations had to do with one incident, by the names of `COUNTS`. One statement."""
    return ask(OF_INCIDENT, incident=ulid_uuid(incident_id))[0]


def count_talk(period: Period) -> list[Table]:
    """Cards by how sure the matcher was, and what came of conversations. One statement."""
    found = ask(OF_PERIOD, **within(period))
    return [_cards(found), _conversations(found, period)]


def _cards(found: Sequence[dict[str, Any]]) -> Table:
    rows = []
    for band, words in WORDS.items():
        shown, confirmed, dismissed = (
            sum(row[name] for row in found if row["band"] == band)
            for name in ("shown", "confirmed", "dismissed")
        )
        rows.append(
            {
                "band": words,
                "shown": shown,
                "confirmed": confirmed,
                "dismissed": dismissed,
                "undecided": shown - confirmed - dismissed,
                "precision": share(confirmed, confirmed + dismissed),
            }
        )
    return Table(
        "cards",
        "Cards shown, and whether they were right",
        "By how sure the matcher was. Precision is confirmed ÷ (confirmed + dismissed): what "
        "nobody decided about counts for neither.",
        [
            Column("band", "Confidence", Unit.TEXT),
            Column("shown", "Shown"),
            Column("confirmed", "Confirmed"),
            Column("dismissed", "Dismissed"),
            Column("undecided", "Undecided"),
            Column("precision", "Precision", Unit.SHARE),
        ],
        rows,
        charted=("confirmed", "dismissed", "undecided"),
    )


def _conversations(found: Sequence[dict[str, Any]], period: Period) -> Table:
    names = ("linked", "answered", "gained")
    rows = [
        {"step": step, **{n: sum(r[n] for r in found if r["step"] == step) for n in names}}
        for step in period.steps()
    ]
    return Table(
        "conversations",
        "Conversations",
        "Linked to an incident, answered by the agent stack, and those in which the customer was "
        "subscribed, who may be the same in several.",
        [
            step_column(period),
            Column("linked", "Linked"),
            Column("answered", "Answered by the stack"),
            Column("gained", "Subscribed"),
        ],
        rows,
        charted=("linked", "answered"),
        is_over_time=True,
    )
