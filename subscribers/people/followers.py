"""Who asked to hear of one incident by itself: how many ever did, whoever left or is gone since.

How many were gained is asked for years later, and a number names nobody. So a scope of an incident
is never deleted without being added to the incident's count in the same statement; only an
enrolment that is undone counts for nothing, as it was nobody's wish.
"""

from django.db import connection
from django.db.models import QuerySet

from incidents.models import Incident
from subscribers.models import PastScopes, Scope

DROP = """
WITH gone AS (
    DELETE FROM subscribers_scope WHERE id = ANY(%(scopes)s) RETURNING incident_id
)
INSERT INTO subscribers_pastscopes AS past (incident_id, number)
SELECT incident_id, count(*) FROM gone WHERE incident_id IS NOT NULL
GROUP BY incident_id ORDER BY incident_id
ON CONFLICT (incident_id) DO UPDATE SET number = past.number + excluded.number
"""


def gained_by(incident: Incident) -> int:
    """How many subscribers asked to hear of it and were verified; who left and came back, twice."""
    past = PastScopes.objects.filter(incident=incident).values_list("number", flat=True).first()
    return Scope.objects.filter(incident=incident).count() + (past or 0)


def drop_scopes(scopes: QuerySet[Scope]) -> None:
    """Delete scopes, whose subscribers are held, and keep the counts."""
    ids = list(scopes.order_by().values_list("pk", flat=True))
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(DROP, {"scopes": ids})
