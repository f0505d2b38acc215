"""What was done cannot be undone by hand: the database itself refuses."""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from atender.tenants.models import Tenant
from incidents.afterwards.post_mortems import publish_post_mortem
from incidents.models import AuditEntry, IncidentUpdateRevision, PostMortemRevision
from incidents.timeline import edit_update
from tests.factories import STAFF, make_incident
from tests.incidents.test_post_mortems import make_draft

TABLES = ["incident_update_revisions", "incidents_auditentry", "post_mortem_revisions"]
MODELS = (IncidentUpdateRevision, AuditEntry, PostMortemRevision)
STATEMENTS = (
    "UPDATE {table} SET by_name = 'nobody'",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
)


OWNER, ORDINARY = "the owner of the tables", "a role that may write and owns nothing"


def become_ordinary(schema: str) -> None:
    """Go on as a role with every privilege on the tables and none of their owner's."""
    role = f"ordinary_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{role}" NOLOGIN NOSUPERUSER')
        cursor.execute(f'GRANT USAGE ON SCHEMA public, "{schema}" TO "{role}"')
        cursor.execute(f'GRANT ALL ON ALL TABLES IN SCHEMA public, "{schema}" TO "{role}"')
        cursor.execute(f'SET LOCAL ROLE "{role}"')


@pytest.mark.parametrize("who", [OWNER, ORDINARY])
def test_rows_are_neither_changed_nor_removed(acme: Tenant, who: str) -> None:
    update = make_incident().updates.get()
    edit_update(update, by=STAFF, body="Said better.")
    publish_post_mortem(make_draft(), by=STAFF)
    before = [list(model.objects.values()) for model in MODELS]
    assert all(before)
    if who == ORDINARY:
        become_ordinary(acme.schema_name)
    for statement, table in product(STATEMENTS, TABLES):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table=table))
        assert [list(model.objects.values()) for model in MODELS] == before
